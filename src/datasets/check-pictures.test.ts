import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { InterruptedError } from "../core/errors.ts";
import { openUnlabelled } from "./image-folder.ts";
import { type OpenOptions, openDataset } from "./open-dataset.ts";

const size = { sidePx: 8, resize: "crop" } as const;

describe("opening a large folder", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "foreloss-large-"));
    const picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    for (const folder of ["train/a", "train/b", "test/a", "test/b"]) {
      await mkdir(path.join(root, folder), { recursive: true });
      for (let i = 0; i < 10; i++) await writeFile(path.join(root, folder, `${i}.png`), picture);
    }
  });
  after(() => rm(root, { recursive: true }));

  const open = (options: Omit<OpenOptions, "dataFolder">) =>
    openDataset({ kind: "folder", testShare: 0.2, splitSeed: 0, ...size }, { dataFolder: root, ...options });

  test("tells for every picture how many of all there are were looked at, over both parts", async () => {
    const seen: string[] = [];
    await open({ onProgress: (done, total) => seen.push(`${done} of ${total}`) });
    assert.deepEqual(
      seen,
      Array.from({ length: 40 }, (_, i) => `${i + 1} of 40`),
    );
  });

  test("is done once: what was found opens the folder again without a look at its files", async () => {
    const first = await open({});
    const aside = `${root}-aside`;
    await rename(root, aside);
    try {
      const again = await open({ survey: structuredClone(first.survey), onProgress: () => assert.fail("it looked") });
      assert.equal(again.digest, first.digest);
      assert.deepEqual([again.train.ids, again.test.ids], [first.train.ids, first.test.ids]);
    } finally {
      await rename(aside, root);
    }
  });

  test("stops when it is aborted, and looks at no further picture", async () => {
    const stop = new AbortController();
    let looked = 0;
    const onProgress = (done: number) => {
      looked = done;
      if (done === 3) stop.abort();
    };
    await assert.rejects(open({ onProgress, signal: stop.signal }), InterruptedError);
    assert.ok(looked < 40, `${looked}`);
    const signal = AbortSignal.abort();
    await assert.rejects(openUnlabelled(root, size, { signal }), InterruptedError);
  });
});
