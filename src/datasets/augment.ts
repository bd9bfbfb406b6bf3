// Augmentation of training batches on bytes: random horizontal flip, then a random crop out of the picture padded with
// zeros (as in He et al. 2016, section 4.2, for CIFAR-10). Pure: everything random comes from the stream that is given.
import type { Random } from "../core/random.ts";
import type { ImageSize } from "./dataset.ts";

export interface Augmentation {
  /** Mirror each picture left to right with probability 1/2. */
  readonly flip: boolean;
  /** Zeros added on each side before a crop of the picture's own size is cut out; 0 moves nothing. */
  readonly cropPaddingPx: number;
}

/**
 * Writes the augmented pictures of `from` into `into`, both [pictures, channels, height, width] of `size`; the two must
 * not overlap. Every picture is flipped and moved on its own; its channels move together.
 */
export function augment(
  from: Uint8Array,
  into: Uint8Array,
  size: ImageSize,
  { flip, cropPaddingPx }: Augmentation,
  random: Random,
): void {
  const pictureBytes = size.channels * size.height * size.width;
  if (from.length !== into.length || from.length % pictureBytes !== 0) {
    throw new RangeError(`augment: ${from.length} bytes into ${into.length}, a picture has ${pictureBytes}`);
  }
  for (let start = 0; start < from.length; start += pictureBytes) {
    const mirrored = flip && random.next() < 0.5;
    const dx = shift(cropPaddingPx, random);
    const dy = shift(cropPaddingPx, random);
    movePicture(from, into, start, size, mirrored, dx, dy);
  }
}

/** How far the crop lies from the picture's own place: -paddingPx..paddingPx, all equally likely. */
function shift(paddingPx: number, random: Random): number {
  return paddingPx === 0 ? 0 : random.integer(2 * paddingPx + 1) - paddingPx;
}

/** Pixel (x, y) of the outcome is pixel (x + dx, y + dy) of the possibly mirrored picture, 0 where that lies outside. */
function movePicture(
  from: Uint8Array,
  into: Uint8Array,
  start: number,
  { width, height, channels }: ImageSize,
  mirrored: boolean,
  dx: number,
  dy: number,
): void {
  const firstX = Math.max(0, -dx);
  const endX = Math.min(width, width - dx);
  const step = mirrored ? -1 : 1;
  const sourceX = mirrored ? width - 1 - firstX - dx : firstX + dx;
  for (let row = 0; row < channels * height; row++) {
    const sourceY = (row % height) + dy;
    const to = start + row * width;
    if (sourceY < 0 || sourceY >= height) {
      into.fill(0, to, to + width);
      continue;
    }
    let source = start + (row + dy) * width + sourceX;
    for (let x = 0; x < firstX; x++) into[to + x] = 0;
    for (let x = firstX; x < endX; x++, source += step) into[to + x] = from[source]!;
    for (let x = Math.max(endX, firstX); x < width; x++) into[to + x] = 0;
  }
}
