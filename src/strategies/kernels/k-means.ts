// k-means: Lloyd's rounds (Lloyd 1982) from k-means++ seeds, until no more than one item in a thousand changes its cluster.
// An item is compared with its own centre first, so that most other distances can be broken off early; the result is
// that of the plain algorithm.
import type { Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance, unitRows } from "./rows.ts";
import { seed } from "./seeding.ts";

export interface Clusters {
  /** [clusters, columns] */
  readonly centres: Matrix;
  /** [items]: the cluster of each. */
  readonly clusterOf: Uint32Array;
  /** [items]: squared distance to its centre. */
  readonly distances: Float64Array;
}

export interface ClusterOptions {
  /** Centres are scaled to length 1 after every round: spherical k-means (Dhillon and Modha 2001), for rows of length 1. */
  readonly spherical?: boolean;
  /** 100 where absent. */
  readonly mostRounds?: number;
}

/**
 * `count` clusters of the points, some of which may be empty when there are fewer different points. At most
 * O(points x clusters x columns) per round; memory a few numbers per point beside the centres.
 */
export async function kMeans(
  points: Matrix,
  count: number,
  random: Random,
  pace: Pace,
  { spherical = false, mostRounds = 100 }: ClusterOptions = {},
): Promise<Clusters> {
  let centres = await seedCentres(points, count, random, pace);
  const clusterOf = new Uint32Array(points.rows);
  const distances = new Float64Array(points.rows).fill(Infinity);
  for (let round = 0; ; round++) {
    const moved = await assign(points, centres, clusterOf, distances, pace);
    if (round === mostRounds || (round > 0 && moved <= points.rows / 1000)) return { centres, clusterOf, distances };
    const means = meansOf(points, centres, clusterOf);
    centres = spherical ? unitRows(means) : means;
  }
}

async function seedCentres(points: Matrix, count: number, random: Random, pace: Pace): Promise<Matrix> {
  const { rows, columns, values } = points;
  const between = (a: number, b: number, enough: number) => squaredDistance(values, a, values, b, columns, enough);
  const seeds = await seed({ items: rows, squaredDistance: between, costOfDistance: columns }, count, random, pace);
  const centres = new Float32Array(count * columns);
  seeds.forEach((item, k) => {
    centres.set(values.subarray(item * columns, (item + 1) * columns), k * columns);
  });
  return { rows: count, columns, values: centres };
}

/** Gives every item its nearest centre (of equally near ones that it has, else the first); how many changed theirs. */
async function assign(
  { rows, columns, values }: Matrix,
  centres: Matrix,
  clusterOf: Uint32Array,
  distances: Float64Array,
  pace: Pace,
): Promise<number> {
  let moved = 0;
  for (let i = 0; i < rows; i++) {
    let best = clusterOf[i]!;
    let least = squaredDistance(values, i, centres.values, best, columns);
    for (let k = 0; k < centres.rows; k++) {
      const distance = k === best ? least : squaredDistance(values, i, centres.values, k, columns, least);
      if (distance < least) {
        best = k;
        least = distance;
      }
    }
    if (best !== clusterOf[i]) moved++;
    clusterOf[i] = best;
    distances[i] = least;
    if (pace.did(centres.rows * columns)) await pace.pause();
  }
  return moved;
}

/** The mean of every cluster; an empty one keeps its centre. */
function meansOf({ rows, columns, values }: Matrix, centres: Matrix, clusterOf: Uint32Array): Matrix {
  const sums = new Float64Array(centres.values.length);
  const sizes = new Uint32Array(centres.rows);
  for (let i = 0; i < rows; i++) {
    const k = clusterOf[i]!;
    sizes[k]!++;
    for (let d = 0; d < columns; d++) sums[k * columns + d]! += values[i * columns + d]!;
  }
  const means = centres.values.slice();
  for (let at = 0; at < means.length; at++) {
    const size = sizes[Math.floor(at / columns)]!;
    if (size > 0) means[at] = sums[at]! / size;
  }
  return { ...centres, values: means };
}

/** The members of every cluster, as positions in rising order. */
export function membersOf(clusterOf: Uint32Array, count: number): Uint32Array[] {
  const sizes = new Uint32Array(count);
  for (const k of clusterOf) sizes[k]!++;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(count);
  clusterOf.forEach((k, item) => {
    members[k]![filled[k]!++] = item;
  });
  return members;
}
