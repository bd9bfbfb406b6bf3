// Of every item of one list the nearest of another, and how far it is.
import type { Matrix } from "../../core/signals.ts";
import type { ChoosingAddon } from "../../native/addon.ts";
import { type MatrixProducts, matrixProducts } from "../../native/matrix-products.ts";
import { compiled, inShares } from "./compiled.ts";
import type { Pace } from "./pace.ts";
import { dot, squaredDistance, squaredLengths } from "./rows.ts";
import { maybeNearer, screenOf } from "./screening.ts";

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
/** Multiplications of all from which it pays to open a library for products, where there are no compiled loops. */
const worthOpening = 1e8;
/** Points and centres of one such product. */
const [pointsTogether, centresTogether] = [1024, 512];

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
  const all = task.points.rows * perPoint;
  const addon = perPoint < worthProduct ? undefined : compiled(all);
  if (addon !== undefined) return await findNearestCompiled(addon, task, pace);
  const products = perPoint < worthProduct || all < worthOpening ? undefined : await matrixProducts();
  await (products === undefined ? findNearestPortable(task, pace) : findNearestByProducts(task, products, pace));
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

/** The same numbers: products only leave out what is certainly farther. */
export async function findNearestByProducts(
  { points, centres, nearest, distances }: NearestTask,
  products: MatrixProducts,
  pace: Pace,
): Promise<void> {
  const { columns, values } = points;
  const halves = squaredLengths(centres).map((squared) => squared / 2);
  const blocks = Array.from({ length: Math.ceil(centres.rows / centresTogether) }, (_, block) => {
    const [from, to] = [block * centresTogether, Math.min(centres.rows, (block + 1) * centresTogether)];
    const rows = centres.values.subarray(from * columns, to * columns);
    return { from, count: to - from, rows, screen: screenOf(halves.subarray(from, to), columns) };
  });
  const maybe = new Uint32Array(centresTogether);
  for (let start = 0; start < points.rows; start += pointsTogether) {
    const end = Math.min(points.rows, start + pointsTogether);
    for (let i = start; i < end; i++) distances[i] = squaredDistance(values, i, centres.values, nearest[i]!, columns);
    for (const { from, count, rows, screen } of blocks) {
      const product = await products.multiply(values.subarray(start * columns, end * columns), rows, columns);
      for (let i = start; i < end; i++) {
        const point = { squaredLength: dot(values, i, values, i, columns), bound: distances[i]! };
        const found = maybeNearer(screen, product, (i - start) * count, point, maybe);
        for (let k = 0; k < found; k++) measure(i, from + maybe[k]!);
      }
    }
    if (pace.did(((end - start) * centres.rows * columns) / 16)) await pace.pause();
  }

  function measure(i: number, centre: number): void {
    if (centre === nearest[i]) return;
    const distance = squaredDistance(values, i, centres.values, centre, columns, distances[i]);
    if (!(distance < distances[i]!)) return;
    nearest[i] = centre;
    distances[i] = distance;
  }
}
