// Greedy coverage, for strategies that want every item to have something like it among the labelled ones. An item counts as
// covered by the most similar of the labels and picks; the next pick is the one that adds most to the weighted sum of
// that. Lazy (Minoux 1978): what a pick would add only falls, so an item whose last known gain is not the highest is left
// alone. Exact, and memory is linear: similarities are computed when they are needed.
import { highestInRank } from "./highest.ts";
import type { Pace } from "./pace.ts";

export interface Coverage {
  /** [items]: how much it matters that each item is covered, >= 0. */
  readonly weights: Float64Array;
  /** [items]: similarity of each to the most similar labelled item; 0 where there is none. Changed as picks are made. */
  readonly covered: Float64Array;
  /** How similar two items are, 0 or more and the same in both directions. */
  readonly similarity: (a: number, b: number) => number;
  /** What one similarity costs, in multiplications. */
  readonly costOfSimilarity: number;
}

/**
 * `count` picks, the one that adds most first; of equal ones that with the lowest rank. O(items^2) similarities for the
 * first pick, then O(items) for each item whose gain has to be looked at again.
 */
export async function coverGreedily(
  coverage: Coverage,
  count: number,
  rank: Uint32Array,
  pace: Pace,
): Promise<Uint32Array> {
  const cost = rank.length * coverage.costOfSimilarity;
  const gains = new Float64Array(rank.length); // -1 for a pick
  const knownAt = new Uint32Array(rank.length); // how many picks there were when a gain was computed
  for (let item = 0; item < gains.length; item++) {
    gains[item] = gainOf(coverage, item);
    if (pace.did(cost)) await pace.pause();
  }
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    let best = highestInRank(gains, rank);
    for (; knownAt[best] !== k; best = highestInRank(gains, rank)) {
      gains[best] = gainOf(coverage, best);
      knownAt[best] = k;
      if (pace.did(cost)) await pace.pause();
    }
    picks[k] = best;
    gains[best] = -1;
    cover(coverage, best);
  }
  return picks;
}

/** What a pick of `item` would add. Always summed in the same order, so that rounding cannot make it rise. */
function gainOf({ weights, covered, similarity }: Coverage, item: number): number {
  let gain = 0;
  for (let other = 0; other < weights.length; other++) {
    if (weights[other] === 0) continue;
    const more = similarity(item, other) - covered[other]!;
    if (more > 0) gain += weights[other]! * more;
  }
  return gain;
}

function cover({ covered, similarity }: Coverage, item: number): void {
  for (let other = 0; other < covered.length; other++) {
    covered[other] = Math.max(covered[other]!, similarity(item, other));
  }
}
