// Of every item of one list the nearest of another, and how far it is.
import type { Matrix } from "../../core/signals.ts";
import type { ChoosingAddon } from "../../native/addon.ts";
import { compiled, inShares } from "./compiled.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

/** Squared distance of every point to the nearest centre; Infinity where there are none. */
export async function nearestSquared(points: Matrix, centres: Matrix, pace: Pace): Promise<Float64Array> {
  const distances = new Float64Array(points.rows).fill(Infinity);
  if (centres.rows > 0) {
    await findNearest({ points, centres, nearest: new Uint32Array(points.rows), distances }, pace);
  }
  return distances;
}

/** Multiplications of one point from which a product of matrices is faster. */
const worthProduct = 512;

export interface NearestTask {
  readonly points: Matrix;
  /** One at least. */
  readonly centres: Matrix;
  /** [points]: the centre each had, then the nearest; of equally near ones that it had, else the first. */
  readonly nearest: Uint32Array;
  /** [points]: squared distance to the nearest; whatever before. */
  readonly distances: Float64Array;
}

/** Finds the nearest centre of every point. O(points x centres x columns). */
export async function findNearest(task: NearestTask, pace: Pace): Promise<void> {
  const perPoint = task.centres.rows * task.points.columns;
  const addon = perPoint < worthProduct ? undefined : compiled(task.points.rows * perPoint);
  await (addon === undefined ? findNearestPortable(task, pace) : findNearestCompiled(addon, task, pace));
}

export async function findNearestCompiled(addon: ChoosingAddon, task: NearestTask, pace: Pace): Promise<void> {
  const { points, centres } = task;
  // A product of matrices takes a quarter of the time that its multiplications would take one by one.
  const cost = (centres.rows * points.columns) / 4;
  await inShares(points.rows, cost, (share) => addon.findNearest({ ...task, ...share }), pace.pause);
}

/** The centre that an item has is looked at first, so that most other distances can be broken off early. */
export async function findNearestPortable(
  { points, centres, nearest, distances }: NearestTask,
  pace: Pace,
): Promise<void> {
  const { rows, columns, values } = points;
  for (let i = 0; i < rows; i++) {
    let best = nearest[i]!;
    let least = squaredDistance(values, i, centres.values, best, columns);
    for (let k = 0; k < centres.rows; k++) {
      const distance = k === best ? least : squaredDistance(values, i, centres.values, k, columns, least);
      if (distance < least) {
        best = k;
        least = distance;
      }
    }
    nearest[i] = best;
    distances[i] = least;
    if (pace.did(centres.rows * columns)) await pace.pause();
  }
}
