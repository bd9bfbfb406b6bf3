// BADGE: k-means++ over the gradients of the last layer, each taken for the class the model finds likeliest (Ash et al.
// 2020, algorithm 1): large gradients, and different ones. A gradient is an outer product of two vectors and is never
// written out; |a x b - c x d|^2 = |a|^2 |b|^2 + |c|^2 |d|^2 - 2 (a.c)(b.d).
import { permutation } from "../../core/random.ts";
import type { FactorPair } from "../../core/signals.ts";
import type { ChoosingAddon } from "../../native/addon.ts";
import { compiled } from "../kernels/compiled.ts";
import { highestInRank } from "../kernels/highest.ts";
import { startPace } from "../kernels/pace.ts";
import { dot, squaredLengths } from "../kernels/rows.ts";
import { type Seeding, seed } from "../kernels/seeding.ts";
import { refuseTooMany } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/**
 * The first pick is the longest gradient, as in the authors' program. O(items x picks x (classes + dimensions));
 * memory linear in items.
 */
export const badge: Strategy = {
  name: "badge",
  needs: ["gradientFactors"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    const factors = readPool(pool, "gradientFactors");
    const lengths = squaredGradientLengths(factors);
    const first = highestInRank(lengths, permutation(lengths.length, random.stream("ties")));
    return seed({ ...gradientSeeding(factors, lengths), first }, count, random, startPace("badge", signal));
  },
};

/** [items]: squared length of every gradient. */
export function squaredGradientLengths({ left, right }: FactorPair): Float64Array {
  const rightLengths = squaredLengths(right);
  return squaredLengths(left).map((length, item) => length * rightLengths[item]!);
}

/** `addon` is for tests. */
export function gradientSeeding(
  { left, right }: FactorPair,
  lengths: Float64Array,
  addon: ChoosingAddon | undefined = compiled(left.values.length + right.values.length),
): Seeding {
  return {
    approach:
      addon && ((centre, nearest, share) => addon.approachProduct({ left, right, lengths, centre, nearest, ...share })),
    items: left.rows,
    costOfDistance: left.columns + right.columns,
    squaredDistance: (a, b) => {
      const inner =
        dot(left.values, a, left.values, b, left.columns) * dot(right.values, a, right.values, b, right.columns);
      return Math.max(0, lengths[a]! + lengths[b]! - 2 * inner);
    },
  };
}
