// Greedy coverage, for strategies that want every item to have something like it among the labelled ones. An item counts as
// covered by the most similar of the labels and picks; the next pick is the one that adds most to the weighted sum of
// that. Lazy (Minoux 1978): what a pick would add only falls, so an item whose last known gain is not the highest is left
// alone. Exact, and memory is linear: similarities are computed when they are needed.
import type { Matrix } from "../../core/signals.ts";
import { highestInRank } from "./highest.ts";
import type { Pace } from "./pace.ts";
import { squaredDistancesTo } from "./rows.ts";

/** How similar items at a squared distance are: 0 or more, falling. */
export interface Kernel {
  readonly similarity: (squaredDistance: number) => number;
  /** The squared distance from which the similarity is 0; distances from there on need not be exact. */
  readonly reach: number;
}

export interface Coverage {
  readonly points: Matrix;
  readonly kernel: Kernel;
  /** [items]: how much it matters that each item is covered, >= 0. */
  readonly weights: Float64Array;
  /** [items]: similarity of each to the most similar labelled item; 0 where there is none. */
  readonly covered: Float64Array;
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
  const state = { ...coverage, covered: coverage.covered.slice(), similarities: new Float64Array(rank.length) };
  const gains = new Float64Array(rank.length); // -1 for a pick
  const knownAt = new Uint32Array(rank.length); // how many picks there were when a gain was computed
  const look = async (item: number, picks: number) => {
    gains[item] = gainOf(state, item);
    knownAt[item] = picks;
    if (pace.did(coverage.points.values.length)) await pace.pause();
  };
  for (let item = 0; item < gains.length; item++) await look(item, 0);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    let best = highestInRank(gains, rank);
    for (; knownAt[best] !== k; best = highestInRank(gains, rank)) await look(best, k);
    picks[k] = best;
    gains[best] = -1;
    cover(state, best);
  }
  return picks;
}

type State = Coverage & {
  /** [items]: room for the similarities of one item to all others. */
  readonly similarities: Float64Array;
};

/** What a pick of `item` would add. Always summed in the same order, so that rounding cannot make it rise. */
function gainOf(state: State, item: number): number {
  const { weights, covered, similarities } = state;
  computeSimilarities(state, item);
  let gain = 0;
  for (let other = 0; other < weights.length; other++) {
    const more = similarities[other]! - covered[other]!;
    if (more > 0) gain += weights[other]! * more;
  }
  return gain;
}

function cover(state: State, item: number): void {
  const { covered, similarities } = state;
  computeSimilarities(state, item);
  for (let other = 0; other < covered.length; other++) {
    if (similarities[other]! > covered[other]!) covered[other] = similarities[other]!;
  }
}

function computeSimilarities({ points, kernel, similarities }: State, item: number): void {
  squaredDistancesTo(points, item, similarities, kernel.reach);
  for (let other = 0; other < similarities.length; other++) {
    const squared = similarities[other]!;
    similarities[other] = squared < kernel.reach ? kernel.similarity(squared) : 0;
  }
}
