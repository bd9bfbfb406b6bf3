// TypiClust: clusters labelled and unlabelled items together and asks for the most typical item of the clusters without
// labels, the largest first (Hacohen, Dekel and Weinshall 2022, algorithm 1). For the first labels.
import { permutation } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { kMeans, membersOf } from "../kernels/k-means.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { squaredDistance } from "../kernels/rows.ts";
import { refuseTooMany } from "../scores.ts";
import { stacked } from "../signals/part.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/** As in the authors' experiments: more clusters than this are not made, and smaller ones than that come last. */
const mostClusters = 500;
const fewestTypical = 5;
const neighbours = 20;

/**
 * O(items x clusters x dimensions) per k-means round, and O(cluster size^2 x dimensions) per pick; memory linear in items.
 */
export const typiClust: Strategy = {
  name: "typiclust",
  needs: ["embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    if (count === 0) return new Uint32Array();
    const { own, labelled } = readEmbeddings(pool, "typiclust");
    const pace = startPace("typiclust", signal);
    const clusters = Math.min(labelled.rows + count, mostClusters);
    const { clusterOf } = await kMeans(stacked(own, labelled), clusters, random.stream("clusters"), pace);
    const order = byNeed(membersOf(clusterOf, clusters), own.rows, permutation(clusters, random.stream("order")));
    return await inTurns(order, own, count, permutation(own.rows, random), pace);
  },
};

/** The unlabelled members of the clusters: fewest labels first, then largest; tiny clusters after all others. */
function byNeed(clusters: readonly Uint32Array[], unlabelled: number, rank: Uint32Array): Uint32Array[] {
  const described = clusters.map((members, k) => {
    const open = members.filter((item) => item < unlabelled);
    return { open, labels: members.length - open.length, size: members.length, rank: rank[k]! };
  });
  return described
    .sort(
      (a, b) =>
        Number(a.size <= fewestTypical) - Number(b.size <= fewestTypical) ||
        a.labels - b.labels ||
        b.size - a.size ||
        a.rank - b.rank,
    )
    .map(({ open }) => open);
}

/** One item of every cluster in turn, until there are enough. */
async function inTurns(
  clusters: readonly Uint32Array[],
  points: Matrix,
  count: number,
  rank: Uint32Array,
  pace: Pace,
): Promise<Uint32Array> {
  const picks: number[] = [];
  let open = clusters.filter((members) => members.length > 0);
  while (picks.length < count) {
    const left: Uint32Array[] = [];
    for (const members of open.slice(0, count - picks.length)) {
      const pick = await mostTypical(members, points, rank, pace);
      picks.push(pick);
      left.push(members.filter((item) => item !== pick));
    }
    open = left.filter((members) => members.length > 0);
  }
  return Uint32Array.from(picks);
}

/** The member with the highest typicality among the members; of equal ones that with the lowest rank. */
async function mostTypical(members: Uint32Array, points: Matrix, rank: Uint32Array, pace: Pace): Promise<number> {
  let best = members[0]!;
  let highest = -1;
  for (const item of members) {
    const score = typicality(item, members, points);
    if (score > highest || (score === highest && rank[item]! < rank[best]!)) {
      best = item;
      highest = score;
    }
    if (pace.did(members.length * points.columns)) await pace.pause();
  }
  return best;
}

/** 1 / mean distance to the nearest 20 others, or to half of a small cluster; Infinity where these are the same point. */
function typicality(item: number, members: Uint32Array, { columns, values }: Matrix): number {
  const count = Math.min(neighbours, Math.max(1, Math.floor(members.length / 2)));
  const nearest = new Float64Array(count).fill(Infinity); // squared, rising
  for (const other of members) {
    if (other === item) continue;
    const squared = squaredDistance(values, item, values, other, columns, nearest[count - 1]);
    if (squared < nearest[count - 1]!) insert(nearest, squared);
  }
  return members.length === 1 ? Infinity : count / nearest.reduce((sum, squared) => sum + Math.sqrt(squared), 0);
}

/** Puts a number where it belongs among rising ones; the last falls out. */
function insert(rising: Float64Array, value: number): void {
  let at = rising.length - 1;
  for (; at > 0 && rising[at - 1]! > value; at--) rising[at] = rising[at - 1]!;
  rising[at] = value;
}
