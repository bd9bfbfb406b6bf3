// ProbCover: asks for the items in whose neighbourhood most others lie that no label is near to (Yehuda, Dekel, Hacohen and
// Weinshall 2022, algorithm 1). The neighbourhood is a ball; its radius is stated, or the largest at which 95 % of the
// balls hold items of one k-means cluster only. For the first labels, on features learnt without labels.
import { ForelossError } from "../../core/errors.ts";
import { permutation, type Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { highestInRank } from "../kernels/highest.ts";
import { kMeans } from "../kernels/k-means.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { squaredDistance, unitRows } from "../kernels/rows.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

const purity = 0.95;

/**
 * Embeddings are scaled to length 1, so that `radius` is between 0 and 2. Where it is not stated, there are as many
 * clusters as the labelled items have classes, or as picks where no classes are told. O(items^2 x dimensions) each for
 * the radius, the first pick and all picks after it; memory linear in items, since no edges are kept.
 */
export function probCover(radius?: number): Strategy {
  const name = radius === undefined ? "prob-cover" : `prob-cover(${radius})`;
  if (radius !== undefined && !(radius > 0 && radius <= 2)) {
    throw new ForelossError(`${name}: a radius of ${radius}; give a number above 0, up to 2`);
  }
  return {
    name,
    needs: ["embedding"],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const { own, labelled } = readEmbeddings(pool, name);
      const pace = startPace(name, signal);
      if (count === 0) return new Uint32Array();
      const points = unitRows(own);
      const used = radius ?? (await estimatedRadius(points, clusterCount(pool, count), random, pace));
      return await coverBalls(points, unitRows(labelled), used ** 2, count, permutation(points.rows, random), pace);
    },
  };
}

async function estimatedRadius(points: Matrix, clusters: number, random: Random, pace: Pace): Promise<number> {
  const { clusterOf } = await kMeans(points, clusters, random.stream("clusters"), pace);
  return await pureRadius(points, clusterOf, pace);
}

function clusterCount({ labelled, ids }: Pool, count: number): number {
  const known = labelled.classes === undefined ? count : new Set(labelled.classes).size;
  return Math.min(ids.length, Math.max(2, known));
}

/**
 * The largest radius at which the balls of 95 % of the points hold points of one cluster only: a ball is pure up to the
 * nearest point of another cluster, so it is a quantile of those distances. 2, the diameter, when there is one cluster.
 */
export async function pureRadius(points: Matrix, clusterOf: Uint32Array, pace: Pace): Promise<number> {
  const { values, rows, columns } = points;
  const stranger = new Float64Array(rows).fill(4); // the diameter, squared
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      if (clusterOf[a] === clusterOf[b]) continue;
      const squared = squaredDistance(values, a, values, b, columns, stranger[a]);
      if (squared < stranger[a]!) stranger[a] = squared;
    }
    if (pace.did(rows * columns)) await pace.pause();
  }
  return Math.sqrt(stranger.sort()[Math.floor((1 - purity) * rows)]!);
}

async function coverBalls(
  points: Matrix,
  centres: Matrix,
  squaredRadius: number,
  count: number,
  rank: Uint32Array,
  pace: Pace,
): Promise<Uint32Array> {
  const { values, rows, columns } = points;
  const near = (a: number, others: Float32Array, b: number) =>
    squaredDistance(values, a, others, b, columns, squaredRadius) < squaredRadius;
  const open = new Uint8Array(rows).fill(1); // not yet covered
  const degrees = new Float64Array(rows); // how many open items are near; -1 for a pick
  for (let item = 0; item < rows; item++) {
    for (let c = 0; c < centres.rows && open[item] === 1; c++) if (near(item, centres.values, c)) open[item] = 0;
    if (pace.did(centres.rows * columns)) await pace.pause();
  }
  const forAll = async (change: (a: number) => void) => {
    for (let a = 0; a < rows; a++) {
      change(a);
      if (pace.did(columns)) await pace.pause();
    }
  };
  for (let b = 0; b < rows; b++) {
    if (open[b] === 1) await forAll((a) => near(a, values, b) && degrees[a]!++);
  }
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    const pick = highestInRank(degrees, rank);
    picks[k] = pick;
    for (let b = 0; b < rows; b++) {
      if (open[b] === 0 || !near(pick, values, b)) continue;
      open[b] = 0;
      await forAll((a) => near(a, values, b) && degrees[a]!--);
    }
    degrees[pick] = -1;
  }
  return picks;
}
