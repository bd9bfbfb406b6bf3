// MaxHerding and UHerding: greedy coverage of the pool by kernels around labels and picks. MaxHerding counts all items the
// same (Bae, Noh and Sutherland 2024), UHerding by their uncertainty and with a radius that shrinks as labels come
// close to each other (Bae, Oliveira and Sutherland 2025), so that it goes over from coverage to uncertainty by itself.
import { permutation } from "../../core/random.ts";
import type { Matrix, PoolSignal } from "../../core/signals.ts";
import { coverGreedily } from "../kernels/coverage.ts";
import { nearestSquared } from "../kernels/nearest.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { squaredDistance, unitRows } from "../kernels/rows.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

/** What a herding strategy differs in. */
export interface Herding {
  readonly name: string;
  /** Beside `embedding`. */
  readonly needs: readonly PoolSignal[];
  /** [items]: how much it matters that each item is covered, >= 0. */
  readonly weights: (pool: Pool) => Float64Array;
  /** The kernel's radius: 1, or the smallest distance of two labelled items that lie apart. */
  readonly radius: "fixed" | "adaptive";
}

/**
 * Embeddings are scaled to length 1; the kernel is exp(-|x - y|^2 / radius^2). O(items^2 x dimensions) and, for the
 * adaptive radius, O(labelled^2 x dimensions) at most; memory linear in items.
 */
export function herding({ name, needs, weights, radius }: Herding): Strategy {
  return {
    name,
    needs: ["embedding", ...needs],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const pace = startPace(name, signal);
      const { own, labelled } = readEmbeddings(pool, name);
      const points = unitRows(own);
      const centres = unitRows(labelled);
      const width = radius === "fixed" ? 1 : await smallestDistance(centres, pace);
      const kernel = (squared: number) => Math.exp(-squared / width ** 2);
      const negligible = 746 * width ** 2; // the kernel is 0 in float64 from there on
      const { values, rows, columns } = points;
      const coverage = {
        weights: weights(pool),
        covered: (await nearestSquared(points, centres, pace)).map(kernel),
        similarity: (a: number, b: number) => kernel(squaredDistance(values, a, values, b, columns, negligible)),
        costOfSimilarity: columns,
      };
      return coverGreedily(coverage, count, permutation(rows, random), pace);
    },
  };
}

export const maxHerding: Strategy = herding({
  name: "max-herding",
  needs: [],
  weights: (pool) => new Float64Array(pool.ids.length).fill(1),
  radius: "fixed",
});

/** The smallest distance above 0 of two of the points; 1 where there is none. */
async function smallestDistance({ rows, columns, values }: Matrix, pace: Pace): Promise<number> {
  let least = Infinity;
  for (let a = 1; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      const squared = squaredDistance(values, a, values, b, columns, least);
      if (squared > 0 && squared < least) least = squared;
    }
    if (pace.did(a * columns)) await pace.pause();
  }
  return least === Infinity ? 1 : Math.sqrt(least);
}
