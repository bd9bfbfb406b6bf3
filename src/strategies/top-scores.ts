// The highest scores of items that come one after the other, in memory for the best ones only. Ties are broken by a rank
// that every position has under a key drawn from the seeded stream: it does not depend on the order in which items come,
// so that a pool read piece by piece gives the picks of a pool in memory.
import type { Random } from "../core/random.ts";

export interface TopScores {
  /** Takes note of scores of the items at `first` and on; no position may come twice. */
  offer(scores: ArrayLike<number>, first?: number): void;
  /** Positions of the highest scores so far, best first. */
  best(): { readonly positions: Uint32Array; readonly scores: Float64Array };
}

/** Keeps the `count` highest, O(items log count) at worst. Positions are below 2^32. */
export function topScores(count: number, random: Random): TopScores {
  const rankOf = tieRanks(random);
  // A heap with the worst kept item at 0: that of the children 2i + 1 and 2i + 2 is never worse than that of i.
  const scores = new Float64Array(count);
  const positions = new Uint32Array(count);
  const ranks = new Uint32Array(count);
  let size = 0;

  const isWorse = (a: number, b: number) =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && ranks[a]! > ranks[b]!);
  const set = (at: number, score: number, position: number, rank: number) => {
    scores[at] = score;
    positions[at] = position;
    ranks[at] = rank;
  };
  const swap = (a: number, b: number) => {
    const [score, position, rank] = [scores[a]!, positions[a]!, ranks[a]!];
    set(a, scores[b]!, positions[b]!, ranks[b]!);
    set(b, score, position, rank);
  };
  const rise = (from: number) => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isWorse(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < size && isWorse(child, worst)) worst = child;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  };
  const add = (score: number, position: number) => {
    const rank = rankOf(position);
    if (size < count) {
      set(size, score, position, rank);
      rise(size++);
    } else if (score > scores[0]! || rank < ranks[0]!) {
      set(0, score, position, rank);
      sink();
    }
  };
  return {
    offer(offered, first = 0) {
      for (let i = 0; i < offered.length; i++) {
        const score = offered[i]!;
        if (size < count || (count > 0 && score >= scores[0]!)) add(score, first + i);
      }
    },
    best() {
      const order = Uint32Array.from({ length: size }, (_, i) => i).sort((a, b) => (isWorse(a, b) ? 1 : -1));
      return {
        positions: order.map((at) => positions[at]!),
        scores: Float64Array.from(order, (at) => scores[at]!),
      };
    },
  };
}

/** A rank for every position, all different: a keyed permutation of 32 bits (two rounds of MurmurHash3's finaliser). */
function tieRanks(random: Random): (position: number) => number {
  const [first, second] = [random.integer(2 ** 32), random.integer(2 ** 32)];
  return (position) => mixed(mixed(position ^ first) ^ second) >>> 0;
}

function mixed(bits: number): number {
  let h = bits ^ (bits >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
