import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { isWholePng } from "./whole-png.ts";

const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
const whole = await sharp({ create: { width: 30, height: 30, channels: 3, background: "red", noise } })
  .png()
  .toBuffer();

/** A chunk with its frame; `wrong` spoils the checksum. */
function chunk(type: string, data: string, wrong = 0): Buffer {
  const body = Buffer.from(type + data, "latin1");
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE((crc32(body) ^ wrong) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The picture with something between its header and its data. */
function withInside(inside: Buffer): Buffer {
  const headerEnd = 8 + 25;
  return Buffer.concat([whole.subarray(0, headerEnd), inside, whole.subarray(headerEnd)]);
}

test("a file as it was written is whole, also with something behind its end", () => {
  assert.ok(isWholePng(whole));
  assert.ok(isWholePng(Buffer.concat([whole, Buffer.from("a film")])));
});

test("a file cut off anywhere is not", () => {
  for (let length = 0; length < whole.length; length += 7)
    assert.ok(!isWholePng(whole.subarray(0, length)), `${length}`);
});

test("a file with a changed byte in its pixels is not", () => {
  const middle = Math.floor(whole.length / 2);
  assert.ok(!isWholePng(Buffer.from(whole).fill(whole[middle]! ^ 1, middle, middle + 1)));
});

test("a wrong checksum counts only where a decoder needs the chunk", () => {
  assert.ok(isWholePng(withInside(chunk("tEXt", "hello"))));
  assert.ok(isWholePng(withInside(chunk("tEXt", "hello", 1))));
  assert.ok(!isWholePng(withInside(chunk("PLTE", "rgb", 1))));
});
