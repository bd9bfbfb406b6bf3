// k-means: as many clusters of the embedding as picks, and of each the item nearest to its centre (Zhdanov
// 2019, without weights; Lloyd 1982). Needs no labels and looks at none: a good first batch.
import type { Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { kMeans } from "../kernels/k-means.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { unitRows } from "../kernels/rows.ts";
import { highest, refuseTooMany } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/** By Euclidean distance. */
export const kMeansChoice: Strategy = clusterCentres("k-means", false);

/** By cosine: embeddings are scaled to length 1 first, and the centres to length 1 in every round. */
export const kMeansCosine: Strategy = clusterCentres("k-means-cosine", true);

function clusterCentres(name: string, spherical: boolean): Strategy {
  return {
    name,
    needs: ["embedding"],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const embedding = readPool(pool, "embedding");
      const pace = startPace(name, signal);
      return nearestToCentres(spherical ? unitRows(embedding) : embedding, count, random, pace, spherical);
    },
  };
}

/**
 * `count` rows of `points`, each the nearest of its cluster to the centre, those of large clusters first. Clusters left
 * empty, because points lie upon each other, are made up for by rows drawn from what is left.
 */
export async function nearestToCentres(
  points: Matrix,
  count: number,
  random: Random,
  pace: Pace,
  spherical = false,
): Promise<Uint32Array> {
  if (count === 0) return new Uint32Array();
  const { clusterOf, distances } = await kMeans(points, count, random.stream("clusters"), pace, { spherical });
  const order = highest(
    Float64Array.from(distances, (distance) => -distance),
    points.rows,
    random,
  );
  const firsts = new Map<number, number>();
  const sizes = new Uint32Array(count);
  for (const item of order) {
    const cluster = clusterOf[item]!;
    sizes[cluster]!++;
    if (!firsts.has(cluster)) firsts.set(cluster, item);
  }
  const largestFirst = highest(Float32Array.from(sizes), firsts.size, random.stream("sizes"));
  const picks = Array.from(largestFirst, (cluster) => firsts.get(cluster)!);
  const picked = new Set(picks);
  const rest = order.filter((item) => !picked.has(item));
  return Uint32Array.from([...picks, ...rest.subarray(0, count - picks.length)]);
}
