// Learned loss as weight in k-means++ (Arthur and Vassilvitskii 2007, with a weight as in weighted k-means): every next pick
// is drawn in proportion to its squared distance to the nearest label or pick, times the rank of its predicted loss.

import { nearestSquared } from "../kernels/nearest.ts";
import { startPace } from "../kernels/pace.ts";
import { rankShares } from "../kernels/rank-shares.ts";
import { seed, seedingOf } from "../kernels/seeding.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings, readPool } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/**
 * The first pick is drawn by rank alone where nothing is labelled. O(items x (labelled + picks) x dimensions); memory
 * linear in items.
 */
export const learnedLossSeeding: Strategy = {
  name: "learned-loss-seeding",
  needs: ["predictedLoss", "embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    const weights = rankShares(readPool(pool, "predictedLoss"));
    const { own, labelled } = readEmbeddings(pool, "learned-loss-seeding");
    const pace = startPace("learned-loss-seeding", signal);
    const nearest = await nearestSquared(own, labelled, pace);
    return await seed({ ...seedingOf(own), weights, nearest }, count, random, pace);
  },
};
