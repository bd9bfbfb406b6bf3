// The strategy that covers the pool greedily, given how similar two items are and how much each of them counts: facility
// location and the herding strategies differ in nothing else.
import { permutation } from "../../core/random.ts";
import type { Matrix, PoolSignal } from "../../core/signals.ts";
import { coverGreedily } from "../kernels/coverage.ts";
import { nearestSquared } from "../kernels/nearest.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { unitRows } from "../kernels/rows.ts";
import { type Kernel, similaritiesOf } from "../kernels/similarities.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

export interface CoverageChoice {
  readonly name: string;
  /** Beside `embedding`. */
  readonly needs: readonly PoolSignal[];
  /** [items]: how much it matters that each item is covered, >= 0. */
  readonly weights: (pool: Pool) => Float64Array;
  /** From the labelled items' embeddings, scaled to length 1. */
  readonly kernelFor: (labelled: Matrix, pace: Pace) => Promise<Kernel>;
}

/**
 * Embeddings are scaled to length 1. O(items^2 x dimensions), then O(items) for each gain that has to be looked at again
 * (x dimensions above 8,192 items): put `subsample` around it for large pools.
 */
export function coverageChoice({ name, needs, weights, kernelFor }: CoverageChoice): Strategy {
  return {
    name,
    needs: ["embedding", ...needs],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const pace = startPace(name, signal);
      const { own, labelled } = readEmbeddings(pool, name);
      const points = unitRows(own);
      const centres = unitRows(labelled);
      const kernel = await kernelFor(centres, pace);
      const nearest = await nearestSquared(points, centres, pace);
      const covered = Float32Array.from(nearest, (squared) =>
        squared < kernel.reach ? kernel.similarity(squared) : 0,
      );
      const coverage = { similarities: similaritiesOf(points, kernel), weights: weights(pool), covered };
      return await coverGreedily(coverage, count, permutation(points.rows, random), pace);
    },
  };
}
