// BALD: asks where the members of an ensemble, or passes with dropout, are each sure but of different classes (Houlsby et
// al. 2011, eq. 2; with dropout Gal, Islam and Ghahramani 2017, section 4): entropy of the mean less the mean of entropies.
import { highestBy } from "../scores.ts";
import { entropyOf } from "../signals/derive.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";

/** Mutual information of class and member in nats, from 0 (all agree) to the logarithm of the number of members. */
export const scoreByBald: Score = (pool) => {
  const { members, rows, columns, values } = readPool(pool, "memberProbabilities");
  const mean = new Float64Array(columns);
  return Float32Array.from({ length: rows }, (_, item) => {
    let within = 0;
    mean.fill(0);
    for (let start = item * columns; start < values.length; start += rows * columns) {
      within += entropyOf(values, start, start + columns) / members;
      for (let c = 0; c < columns; c++) mean[c]! += values[start + c]! / members;
    }
    return Math.max(0, entropyOf(mean) - within); // rounding may leave a little less than 0
  });
};

export const bald: Strategy = highestBy("bald", ["memberProbabilities"], scoreByBald);
