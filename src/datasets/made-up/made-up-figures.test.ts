import assert from "node:assert/strict";
import { test } from "node:test";
import { cropOf } from "../../core/person-crop.ts";
import { openDataset } from "../open-dataset.ts";
import { figureModeNames } from "./compose-figures.ts";

const open = (seed = 0, sidePx: 64 | 96 = 64) =>
  openDataset({ kind: "made-up-figures", seed, train: 100, test: 60, sidePx }, { dataFolder: null });

test("the same seed draws the same figures, another one others", async () => {
  const [a, b, c] = await Promise.all([open(3), open(3), open(4)]);
  assert.equal(a!.digest, b!.digest);
  assert.notEqual(a!.digest, c!.digest);
});

test("most of the training pictures are easy, and the test pictures show all modes equally often", async () => {
  const { train, test: held } = await open();
  const count = (modes: readonly string[], mode: string) => modes.filter((name) => name === mode).length;
  assert.equal(count(train.modes!, "easy"), 76);
  for (const mode of figureModeNames) assert.equal(count(held.modes!, mode), 10);
});

for (const sidePx of [64, 96] as const) {
  test(`pictures of ${sidePx} px are their persons' crops, and hold every joint`, async () => {
    const { train, test: held } = await open(1, sidePx);
    for (const { box, joints } of [...train.labels, ...held.labels]) {
      const { a, c, f } = cropOf(box, sidePx);
      assert.ok(Math.abs(a - 1) + Math.abs(c) + Math.abs(f) < 1e-9);
      assert.equal(joints.length, 14);
      assert.ok(joints.every(({ x, y }) => Math.min(x, y) > 0 && Math.max(x, y) < sidePx));
    }
  });
}

test("a visible joint has the figure's colour, and only the occluded mode hides joints", async () => {
  const { test: held } = await open();
  const bytes = new Uint8Array(60 * 3 * 64 * 64);
  await held.read(
    Uint32Array.from({ length: 60 }, (_, i) => i),
    bytes,
  );
  const channel = (item: number, x: number, y: number) =>
    bytes[item * 3 * 64 * 64 + Math.floor(y) * 64 + Math.floor(x)]!;
  let hidden = 0;
  for (let i = 0; i < 60; i++) {
    const { joints } = held.labels[i]!;
    const mode = held.modes![i];
    const covered = joints.filter(({ visibility }) => visibility === 1).length;
    if (mode === "occluded") hidden += covered;
    else assert.equal(covered, 0, mode);
    if (mode !== "easy") continue;
    const shades = joints.slice(0, 12).map(({ x, y }) => channel(i, x, y));
    assert.ok(Math.max(...shades) - Math.min(...shades) < 70, `${shades}`);
  }
  assert.ok(hidden > 10, `${hidden} joints hidden`);
});
