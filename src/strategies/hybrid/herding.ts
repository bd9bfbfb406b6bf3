// MaxHerding and UHerding: greedy coverage of the pool by kernels around labels and picks. MaxHerding counts all items the
// same (Bae, Noh and Sutherland 2024), UHerding by their uncertainty and with a radius that shrinks as labels come close
// to each other (Bae, Oliveira and Sutherland 2025), so that it goes over from coverage to uncertainty by itself.
import type { Matrix, PoolSignal } from "../../core/signals.ts";
import { coverageChoice } from "../diversity/coverage-choice.ts";
import type { Pace } from "../kernels/pace.ts";
import { squaredDistance } from "../kernels/rows.ts";
import type { Kernel } from "../kernels/similarities.ts";
import { refuseNegative } from "../scores.ts";
import type { Pool, Strategy } from "../strategy.ts";

/** The kernel has radius 1. Costs as `coverageChoice`. */
export const maxHerding: Strategy = coverageChoice({
  name: "max-herding",
  needs: [],
  weights: (pool) => new Float64Array(pool.ids.length).fill(1),
  kernelFor: async () => gaussian(1),
});

/**
 * UHerding with an uncertainty that needs `needs` beside the embedding. The radius is the smallest distance of two labelled
 * items that lie apart, 1 where there are none. Costs as `coverageChoice`, and O(labelled^2 x dimensions) at most.
 */
export function uncertaintyHerding(
  name: string,
  needs: readonly PoolSignal[],
  uncertainty: (pool: Pool) => Float64Array,
): Strategy {
  const kernelFor = async (labelled: Matrix, pace: Pace) => gaussian(await smallestDistance(labelled, pace));
  const weights = (pool: Pool) => refuseNegative(uncertainty(pool), pool, name, "give 0 for what is certain");
  return coverageChoice({ name, needs, weights, kernelFor });
}

/** exp(-|x - y|^2 / radius^2), which is 0 in float64 from 746 on. */
function gaussian(radius: number): Kernel {
  return { similarity: (squared) => Math.exp(-squared / radius ** 2), reach: 746 * radius ** 2 };
}

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
