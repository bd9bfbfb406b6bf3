// k-means: Lloyd's rounds (Lloyd 1982) from k-means++ seeds, until no more than one item in a thousand changes its cluster.
// The result is that of the plain algorithm. Of more than a hundred items per cluster, seeds are drawn from so many of them.
import { type Random, sampleWithoutReplacement } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import type { Share } from "../../native/addon.ts";
import { rowsOf } from "../signals/part.ts";
import { compiled, inShares } from "./compiled.ts";
import { findNearest } from "./nearest.ts";
import type { Pace } from "./pace.ts";
import { unitRows } from "./rows.ts";
import { seed, seedingOf } from "./seeding.ts";

/** Items per cluster among which seeds are drawn: every one of them costs a distance to every seed. */
const itemsPerSeed = 100;

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
    const before = clusterOf.slice();
    await findNearest({ points, centres, nearest: clusterOf, distances }, pace);
    const moved = before.reduce((sum, k, i) => sum + (k === clusterOf[i] ? 0 : 1), 0);
    if (round === mostRounds || (round > 0 && moved <= points.rows / 1000)) return { centres, clusterOf, distances };
    const means = await meansOf(points, centres, clusterOf, pace);
    centres = spherical ? unitRows(means) : means;
  }
}

async function seedCentres(points: Matrix, count: number, random: Random, pace: Pace): Promise<Matrix> {
  const most = count * itemsPerSeed;
  const among =
    points.rows <= most ? points : rowsOf(points, sampleWithoutReplacement(points.rows, most, random.stream("sample")));
  return rowsOf(among, await seed(seedingOf(among), count, random, pace));
}

/** The mean of every cluster; an empty one keeps its centre. */
async function meansOf(points: Matrix, centres: Matrix, clusterOf: Uint32Array, pace: Pace): Promise<Matrix> {
  const { columns } = points;
  const sizes = new Uint32Array(centres.rows);
  for (const k of clusterOf) sizes[k]!++;
  const sums = await sumsOf(points, clusterOf, centres, pace);
  const means = centres.values.slice();
  for (let at = 0; at < means.length; at++) {
    const size = sizes[Math.floor(at / columns)]!;
    if (size > 0) means[at] = sums[at]! / size;
  }
  return { ...centres, values: means };
}

/** [clusters, columns]: the sum of every cluster's rows, in their order. */
async function sumsOf(points: Matrix, clusterOf: Uint32Array, centres: Matrix, pace: Pace): Promise<Float64Array> {
  const { rows, columns, values } = points;
  const sums = new Float64Array(centres.values.length);
  const addon = compiled(values.length);
  if (addon !== undefined) {
    const add = (share: Share) => addon.addToClusters({ points, clusterOf, sums, ...share });
    await inShares(rows, columns, add, pace.pause);
    return sums;
  }
  for (let i = 0; i < rows; i++) {
    const k = clusterOf[i]!;
    for (let d = 0; d < columns; d++) sums[k * columns + d]! += values[i * columns + d]!;
    if (pace.did(columns)) await pace.pause();
  }
  return sums;
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
