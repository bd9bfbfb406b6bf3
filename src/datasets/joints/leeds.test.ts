// On the real pictures: Leeds Sports Pose Extended in `lspet/` of the folder that FORELOSS_DATA names.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { cropOf, moveJoints } from "../../core/person-crop.ts";
import { open } from "./testing/joint-survey.ts";

const { FORELOSS_DATA } = process.env;
const skip = FORELOSS_DATA === undefined ? "FORELOSS_DATA names no folder with lspet/" : false;
const folder = path.join(FORELOSS_DATA ?? "", "lspet");

test("5,000 persons in 4,000 and 1,000 are read alike from both of its forms, with nothing skipped", {
  skip,
}, async () => {
  const [coco, lsp] = await Promise.all(
    (["coco", "lsp"] as const).map((format) => open(folder, { format, sidePx: 64 })),
  );
  for (const data of [coco!, lsp!]) {
    assert.deepEqual([data.train.ids.length, data.test.ids.length, data.skipped], [4000, 1000, []]);
  }
  assert.deepEqual(
    coco!.test.ids.map((id) => id.replace(/#.*/, "")),
    lsp!.test.ids,
  );
  const joints = [coco!, lsp!].map(({ test }) => Array.from(test.labels, (label) => label.joints));
  assert.deepEqual(joints[0], joints[1]);
  const labelled = [lsp!.train, lsp!.test].flatMap(({ labels }) => Array.from(labels, ({ joints }) => joints).flat());
  assert.equal(labelled.filter(({ visibility }) => visibility > 0).length, 61_616);
});

test("crops are whole pictures, and all labelled joints lie in them", { skip }, async () => {
  const { test: part } = await open(folder, { format: "lsp", sidePx: 64 });
  const bytes = new Uint8Array(3 * 64 * 64 * 8);
  await part.read(
    Uint32Array.from({ length: 8 }, (_, i) => i),
    bytes,
  );
  for (let i = 0; i < 8; i++) {
    assert.ok(new Set(bytes.subarray(i * 3 * 64 * 64, (i + 1) * 3 * 64 * 64)).size > 50);
    const { joints, box } = part.labels[i]!;
    const places = moveJoints(joints, cropOf(box, 64)).filter(({ visibility }) => visibility > 0);
    assert.ok(places.every(({ x, y }) => Math.min(x, y) >= -1e-9 && Math.max(x, y) <= 64 + 1e-9));
  }
});
