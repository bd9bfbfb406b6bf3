import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { moved } from "../../core/affine.ts";
import type { Box } from "../../core/labels.ts";
import { cropOf } from "../../core/person-crop.ts";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { readCrop } from "./person-source.ts";

const [width, height] = [300, 200];

/** A blue picture with a soft red dot. */
async function dotted(x: number, y: number): Promise<Buffer> {
  const bytes = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const squares = ((i % width) + 0.5 - x) ** 2 + (Math.floor(i / width) + 0.5 - y) ** 2;
    bytes[3 * i] = Math.round(250 * Math.exp(-squares / 100));
    bytes[3 * i + 2] = 128;
  }
  return await sharp(bytes, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

const boxes: Record<string, Box> = {
  "larger than the crop": { left: 40, top: 20, right: 240, bottom: 190 },
  "smaller than the crop": { left: 100, top: 70, right: 140, bottom: 110 },
  "over the picture's edge": { left: -60, top: 30, right: 150, bottom: 260 },
};
const [dotX, dotY] = [117.3, 93.8];

for (const [what, box] of Object.entries(boxes)) {
  for (const sidePx of [48, 96]) {
    test(`a crop of ${sidePx} px shows what lies in the box, where its map says: ${what}`, async (t) => {
      const root = await labelFolder(t, { "a.png": await dotted(dotX, dotY) });
      const file = path.join(root, "a.png");
      const crop = await readCrop({ file, label: { size: { width, height }, box } }, sidePx);
      let [sum, x, y] = [0, 0, 0];
      for (let i = 0; i < sidePx * sidePx; i++) {
        sum += crop[i]!;
        x += crop[i]! * ((i % sidePx) + 0.5);
        y += crop[i]! * (Math.floor(i / sidePx) + 0.5);
      }
      const map = cropOf(box, sidePx);
      const expected = moved(map, dotX, dotY);
      assert.ok(
        Math.hypot(x / sum - expected.x, y / sum - expected.y) < 0.15 * Math.max(1, map.a),
        `${x / sum}, ${y / sum}`,
      );
      const blue = crop.subarray(2 * sidePx * sidePx);
      const [left, top] = Object.values(moved(map, 0, 0)) as [number, number];
      const at = (column: number, row: number) => blue[row * sidePx + column];
      if (left > 3) assert.equal(at(Math.floor(left) - 3, sidePx / 2), 0);
      assert.equal(at(sidePx / 2, sidePx / 2), 128);
      assert.equal(at(Math.max(0, Math.ceil(left) + 2), Math.max(sidePx / 4, Math.ceil(top) + 2)), 128);
    });
  }
}

test("a person far outside what the box's crop shows of the picture is black, not an error", async (t) => {
  const root = await labelFolder(t, { "a.png": await dotted(dotX, dotY) });
  const label = { size: { width, height }, box: { left: 900, top: 900, right: 910, bottom: 910 } };
  assert.ok((await readCrop({ file: path.join(root, "a.png"), label }, 16)).every((byte) => byte === 0));
});
