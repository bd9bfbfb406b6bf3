// How a box is told from a prior (Girshick et al. 2014; SSD, eq. 2): the way from centre to centre in prior sizes and the
// logarithm of the ratio of sizes, each divided by a constant ("variance") that brings it near unit size.
import type { Corners } from "../../core/boxes.ts";

/** Divisors of the centre's way and of the logarithm of the size. */
export const centreVariance = 0.1;
export const sizeVariance = 0.2;

/** Writes into row `p` of `offsets` how prior `p` (centre form) has to move to be box `i`; that must have an area. */
export function encodeBox(boxes: Corners, i: number, priors: Float32Array, p: number, offsets: Float32Array): void {
  const box = 4 * i;
  const at = 4 * p;
  for (let axis = 0; axis < 2; axis++) {
    const low = boxes[box + axis]!;
    const high = boxes[box + axis + 2]!;
    const length = priors[at + axis + 2]!;
    offsets[at + axis] = ((low + high) / 2 - priors[at + axis]!) / (centreVariance * length);
    offsets[at + axis + 2] = Math.log((high - low) / length) / sizeVariance;
  }
}

/**
 * Writes into row `i` of `boxes` the corners of prior `p` moved by row `p` of `offsets`, kept within the picture (0..1):
 * what lies outside has no area there.
 */
export function decodeBox(offsets: Float32Array, priors: Float32Array, p: number, boxes: Corners, i: number): void {
  const start = 4 * p;
  for (let axis = 0; axis < 2; axis++) {
    const length = priors[start + axis + 2]!;
    const centre = priors[start + axis]! + centreVariance * length * offsets[start + axis]!;
    const half = (length * Math.exp(sizeVariance * offsets[start + axis + 2]!)) / 2;
    boxes[4 * i + axis] = within(centre - half);
    boxes[4 * i + axis + 2] = within(centre + half);
  }
}

function within(share: number): number {
  return share < 0 ? 0 : share > 1 ? 1 : share;
}
