// Moves a picture by an affine map, with bilinear sampling; what lies outside it is black. Pictures are planes of bytes, and
// pixel (i, j) covers the unit square whose middle is (i + 1/2, j + 1/2).
import type { Affine } from "../core/affine.ts";
import type { PixelSize } from "../core/labels.ts";

/** A picture of 3 channels. */
export interface Planes extends PixelSize {
  readonly bytes: Uint8Array; // [3, height, width]
}

/**
 * Fills `into` from `from`. `back` says where in `from` each place of `into` comes from. A map that makes a picture less than
 * half as large leaves pixels out: shrink the picture before.
 */
export function warp(from: Planes, into: Planes, back: Affine): void {
  for (const { bytes, width, height } of [from, into]) {
    if (bytes.length !== 3 * width * height) {
      throw new RangeError(`warp: ${bytes.length} bytes for a picture of ${width} x ${height}`);
    }
  }
  for (let row = 0, at = 0; row < into.height; row++) {
    let x = back.a * 0.5 + back.b * (row + 0.5) + back.c - 0.5;
    let y = back.d * 0.5 + back.e * (row + 0.5) + back.f - 0.5;
    for (let column = 0; column < into.width; column++, at++, x += back.a, y += back.d) {
      const inside = x >= 0 && y >= 0 && x < from.width - 1 && y < from.height - 1;
      if (inside) sampleInside(from, x, y, into, at);
      else sampleAtEdge(from, x, y, into, at);
    }
  }
}

/** Pixel number `at` of `into` from between the four pixels around (x, y), which all lie in the picture. */
function sampleInside(from: Planes, x: number, y: number, into: Planes, at: number): void {
  const { bytes, width } = from;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  for (let c = 0; c < 3; c++) {
    const p = c * width * from.height + top * width + left;
    const upper = bytes[p]! + right * (bytes[p + 1]! - bytes[p]!);
    const lower = bytes[p + width]! + right * (bytes[p + width + 1]! - bytes[p + width]!);
    into.bytes[c * into.width * into.height + at] = upper + down * (lower - upper) + 0.5;
  }
}

/** The same where some of the four lie outside and are black. */
function sampleAtEdge({ bytes, width, height }: Planes, x: number, y: number, into: Planes, at: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  for (let c = 0; c < 3; c++) {
    const pixel = (column: number, row: number) =>
      column < 0 || row < 0 || column >= width || row >= height ? 0 : bytes[(c * height + row) * width + column]!;
    const upper = pixel(left, top) * (1 - right) + pixel(left + 1, top) * right;
    const lower = pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right;
    into.bytes[c * into.width * into.height + at] = upper * (1 - down) + lower * down + 0.5;
  }
}
