// Draws positions with given weights, one after the other.
import type { Random } from "../../core/random.ts";

/**
 * A position drawn with a probability in proportion to its weight (>= 0), or -1 when all weights are 0. Positions whose
 * weight is 0 are never drawn. 32 bits of resolution, O(length).
 */
export function drawWeighted(weights: Float64Array, random: Random): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  if (!(total > 0)) return -1;
  let left = random.next() * total;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! === 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) break;
  }
  return last;
}
