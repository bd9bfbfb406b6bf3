// Non-maximum suppression: of boxes that lie on one another the one with the highest score stays (greedy).
import { type Corners, overlapOf } from "../../core/boxes.ts";
import { bestFirst } from "./best-first.ts";

/**
 * Positions of the boxes that stay, the best first: those whose overlap with every better one that stays is at most
 * `mostOverlap`. Of equal scores the earlier counts as better.
 */
export function nonMaximumSuppression(boxes: Corners, scores: Float32Array, mostOverlap: number): Uint32Array {
  return suppress(boxes, bestFirst(scores), mostOverlap);
}

/** Those of `order`, positions of boxes from the best, that stay; in that order. */
export function suppress(boxes: Corners, order: Uint32Array, mostOverlap: number): Uint32Array {
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (const candidate of order) {
    let free = true;
    for (let k = 0; k < count && free; k++) free = overlapOf(boxes, candidate, boxes, kept[k]!) <= mostOverlap;
    if (free) kept[count++] = candidate;
  }
  return kept.subarray(0, count);
}
