// DropQuery: among the items whose likeliest class changes in more than half of the passes with dropout, the ones nearest
// to the centres of k-means clusters (Gupte et al. 2024). Made for frozen features of foundation models.
import type { Random } from "../../core/random.ts";
import { nearestToCentres } from "../diversity/k-means.ts";
import { startPace } from "../kernels/pace.ts";
import { highest, refuseTooMany } from "../scores.ts";
import { memberOf } from "../signals/check.ts";
import { likeliestClasses } from "../signals/derive.ts";
import { rowsOf } from "../signals/part.ts";
import { readPool } from "../signals/read.ts";
import type { Pool, Score, Strategy } from "../strategy.ts";

/** Share of the passes with dropout whose likeliest class is not the one without dropout, in [0, 1]. */
export const scoreByDisagreement: Score = (pool) => {
  const clean = likeliestClasses(readPool(pool, "probabilities"));
  const members = readPool(pool, "memberProbabilities");
  const differing = new Uint32Array(clean.length);
  for (let m = 0; m < members.members; m++) {
    likeliestClasses(memberOf(members, m)).forEach((c, item) => {
      if (c !== clean[item]) differing[item]!++;
    });
  }
  return Float32Array.from(differing, (passes) => passes / members.members);
};

/** As k-means on the candidates. Where fewer than `count` items change, those that change most often are taken in. */
export const dropQuery: Strategy = {
  name: "drop-query",
  needs: ["probabilities", "memberProbabilities", "embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    const embedding = readPool(pool, "embedding");
    const candidates = disagreed(pool, count, random.stream("candidates"));
    const pace = startPace("drop-query", signal);
    const chosen = await nearestToCentres(rowsOf(embedding, candidates), count, random, pace);
    return chosen.map((position) => candidates[position]!);
  },
};

function disagreed(pool: Pool, count: number, random: Random): Uint32Array {
  const shares = scoreByDisagreement(pool);
  const changing = shares.filter((share) => share > 0.5).length;
  return highest(shares, Math.max(changing, count), random);
}
