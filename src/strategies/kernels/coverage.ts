// Greedy coverage, for strategies that want every item to have something like it among the labelled ones. An item counts as
// covered by the most similar of the labels and picks; the next pick is the one that adds most to the weighted sum of
// that. Lazy (Minoux 1978): what a pick would add only falls, so an item whose last known gain is not the highest is left
// alone. Exact.
import { highestInRank } from "./highest.ts";
import type { Pace } from "./pace.ts";
import type { Similarities } from "./similarities.ts";

export interface Coverage {
  readonly similarities: Similarities;
  /** [items]: how much it matters that each item is covered, >= 0. */
  readonly weights: Float64Array;
  /** [items]: similarity of each to the most similar labelled item, 0 where there is none; kept up as picks are made. */
  readonly covered: Float32Array;
}

/**
 * `count` picks, the one that adds most first; of equal ones that with the lowest rank. Gains are rounded to float32: two
 * items that cover only each other add the same, and it must not be left to the order of a sum which of them is first.
 * Every pair of items once, then one row of similarities for each item whose gain has to be looked at again.
 */
export async function coverGreedily(
  coverage: Coverage,
  count: number,
  rank: Uint32Array,
  pace: Pace,
): Promise<Uint32Array> {
  const gains = await boundGains(coverage, pace); // upper bounds; -1 for a pick
  const knownAt = new Int32Array(rank.length).fill(-1); // how many picks there were when a gain was computed
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    let best = highestInRank(gains, rank);
    for (; knownAt[best] !== k; best = highestInRank(gains, rank)) {
      gains[best] = gainOf(coverage, best);
      knownAt[best] = k;
      if (pace.did(coverage.similarities.costOfRow)) await pace.pause();
    }
    picks[k] = best;
    gains[best] = -1;
    cover(coverage, best);
  }
  return picks;
}

/**
 * What each pick would add, from every pair once; a little more than that, since `gainOf` adds up in another order and
 * its sums are rounded differently.
 */
async function boundGains({ similarities, weights, covered }: Coverage, pace: Pace): Promise<Float64Array> {
  const gains = new Float64Array(weights.length);
  await similarities.visitPairs((a, toOthers) => {
    for (let b = 0; b <= a; b++) {
      const similarity = toOthers[b]!;
      if (similarity > covered[b]!) gains[a]! += weights[b]! * (similarity - covered[b]!);
      if (similarity > covered[a]! && b < a) gains[b]! += weights[a]! * (similarity - covered[a]!);
    }
  }, pace);
  return gains.map((gain) => Math.fround(gain * (1 + 4 * gains.length * Number.EPSILON)));
}

/** What a pick of `item` would add. Always summed in the same order, so that rounding cannot make it rise. */
function gainOf({ similarities, weights, covered }: Coverage, item: number): number {
  const toOthers = similarities.row(item);
  let gain = 0;
  for (let other = 0; other < weights.length; other++) {
    const more = toOthers[other]! - covered[other]!;
    if (more > 0) gain += weights[other]! * more;
  }
  return Math.fround(gain);
}

function cover({ similarities, covered }: Coverage, item: number): void {
  const toOthers = similarities.row(item);
  for (let other = 0; other < covered.length; other++) {
    if (toOthers[other]! > covered[other]!) covered[other] = toOthers[other]!;
  }
}
