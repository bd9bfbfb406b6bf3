// Learned loss spread over clusters: as many k-means clusters of the embedding as picks, and of each the item whose
// predicted loss is highest. The highest predicted losses of all are often near-duplicates of each other.
import { kMeans } from "../kernels/k-means.ts";
import { startPace } from "../kernels/pace.ts";
import { highest, refuseTooMany } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/** The highest of all clusters first. Clusters left empty are made up for by the highest of the rest. Costs as `k-means`. */
export const learnedLossClusters: Strategy = {
  name: "learned-loss-clusters",
  needs: ["predictedLoss", "embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    const losses = readPool(pool, "predictedLoss");
    const embedding = readPool(pool, "embedding");
    if (count === 0) return new Uint32Array();
    const pace = startPace("learned-loss-clusters", signal);
    const { clusterOf } = await kMeans(embedding, count, random.stream("clusters"), pace);
    const seen = new Set<number>();
    const firsts: number[] = [];
    const others: number[] = [];
    for (const item of highest(losses, losses.length, random)) {
      (seen.has(clusterOf[item]!) ? others : firsts).push(item);
      seen.add(clusterOf[item]!);
    }
    return Uint32Array.from([...firsts, ...others.slice(0, count - firsts.length)]);
  },
};
