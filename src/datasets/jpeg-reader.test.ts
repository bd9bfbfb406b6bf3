import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { checkPictures } from "./check-pictures.ts";
import type { JpegReader } from "./jpeg-reader.ts";
import { pictureSource } from "./picture-source.ts";
import { readPicture } from "./read-picture.ts";

const size = { sidePx: 8, resize: "crop" } as const;
const pictureBytes = 3 * 8 * 8;

/** Takes every file whose name begins with `plain`: its pixels are 7, its size is 11 and its time 22.9. */
function fakeReader(): JpegReader & { readonly asked: string[] } {
  const asked: string[] = [];
  const isPlain = (file: string) => path.basename(file).startsWith("plain");
  return {
    asked,
    look: async (files) => {
      asked.push(...files);
      return Float64Array.from(files.flatMap((file) => (isPlain(file) ? [11, 22.9] : [Number.NaN, Number.NaN])));
    },
    read: async (files) => {
      asked.push(...files);
      const done = Uint8Array.from(files, (file) => (isPlain(file) ? 1 : 0));
      return { done, pixels: Uint8Array.from({ length: files.length * pictureBytes }, () => 7) };
    },
  };
}

describe("a reader of plain JPEG files", () => {
  let folder: string;
  const names = ["plain-1.jpg", "odd.jpg", "plain-2.JPEG", "plain.png", "broken.jpg"];
  const files = () => names.map((name) => path.join(folder, name));
  const pictures = names.map((id) => ({ id, classIndex: 0 }));
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreloss-plain-"));
    const picture = sharp({ create: { width: 20, height: 10, channels: 3, background: "teal" } });
    const [jpeg, png] = [await picture.jpeg().toBuffer(), await picture.png().toBuffer()];
    for (const file of files()) await writeFile(file, file.endsWith(".png") ? png : jpeg);
    await writeFile(path.join(folder, "broken.jpg"), jpeg.subarray(0, 40));
  });
  after(() => rm(folder, { recursive: true }));

  test("is asked for JPEG files alone, and what it leaves is read by sharp", async () => {
    const jpegs = fakeReader();
    const source = pictureSource(files(), size, { jpegs });
    const into = new Uint8Array(4 * pictureBytes);
    await source.read(Uint32Array.of(3, 1, 2, 0), into);
    const [odd, png] = [await readPicture(files()[1]!, size), await readPicture(files()[3]!, size)];
    const seven = new Uint8Array(pictureBytes).fill(7);
    assert.deepEqual(Buffer.from(into), Buffer.concat([png, odd, seven, seven]));
    assert.deepEqual(
      jpegs.asked.map((file) => path.basename(file)),
      ["odd.jpg", "plain-2.JPEG", "plain-1.jpg"],
    );
  });

  test("is not asked again for a picture that is kept, and asked each time where none is", async () => {
    for (const [limitBytes, times] of [
      [pictureBytes, 1],
      [0, 2],
    ] as const) {
      const jpegs = fakeReader();
      const source = pictureSource(files(), size, { jpegs, limitBytes });
      for (let round = 0; round < 2; round++) {
        const into = new Uint8Array(pictureBytes);
        await source.read(Uint32Array.of(0), into);
        assert.ok(into.every((value) => value === 7));
      }
      assert.equal(jpegs.asked.length, times);
    }
  });

  test("looks at JPEG files first, and what it is not sure of is looked at as without it", async () => {
    const jpegs = fakeReader();
    const seen: number[] = [];
    const { usable, skipped } = await checkPictures(folder, pictures, { jpegs, onProgress: (done) => seen.push(done) });
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.ok(jpegs.asked.every((file) => !file.endsWith(".png")));
    assert.deepEqual(
      usable.map(({ id }) => id),
      ["plain-1.jpg", "odd.jpg", "plain-2.JPEG", "plain.png"],
    );
    assert.deepEqual([usable[0]!.bytes, usable[0]!.modifiedMs], [11, 22]);
    assert.equal(usable[1]!.bytes, (await stat(files()[1]!)).size);
    assert.equal(skipped.length, 1);
    assert.match(skipped[0]!, /^broken\.jpg: not (?:readable|decodable)/);
  });
});
