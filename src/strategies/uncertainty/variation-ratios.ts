// Variation ratios: asks where most members of an ensemble, or passes with dropout, vote against the commonest class
// (Freeman 1965; for ensembles Beluch et al. 2018).
import { highestBy } from "../scores.ts";
import { memberOf } from "../signals/check.ts";
import { likeliestClasses } from "../signals/derive.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";

/** Share of the members that do not vote for the class with most votes, in [0, 1). */
export const scoreByVariationRatios: Score = (pool) => {
  const { members, rows, columns, ...rest } = readPool(pool, "memberProbabilities");
  const votes = new Uint32Array(rows * columns);
  for (let m = 0; m < members; m++) {
    likeliestClasses(memberOf({ members, rows, columns, ...rest }, m)).forEach((c, item) => {
      votes[item * columns + c]!++;
    });
  }
  return Float32Array.from(
    { length: rows },
    (_, item) => 1 - Math.max(...votes.subarray(item * columns, (item + 1) * columns)) / members,
  );
};

export const variationRatios: Strategy = highestBy("variation-ratios", ["memberProbabilities"], scoreByVariationRatios);
