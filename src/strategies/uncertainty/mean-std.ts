// Mean standard deviation: asks where the probabilities of the members of an ensemble, or of passes with dropout, vary
// most, averaged over classes (Kampffmeyer, Salberg and Jenssen 2016; Gal, Islam and Ghahramani 2017, section 4).
import { highestBy } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";

/** Mean over classes of the standard deviation (divided by the number of members) over members, in [0, 0.5]. */
export const scoreByMeanStd: Score = (pool) => {
  const { members, rows, columns, values } = readPool(pool, "memberProbabilities");
  const scores = new Float64Array(rows);
  for (let i = 0; i < rows * columns; i++) {
    scores[Math.floor(i / columns)]! += deviation(values, i, rows * columns, members) / columns;
  }
  return Float32Array.from(scores);
};

export const meanStd: Strategy = highestBy("mean-std", ["memberProbabilities"], scoreByMeanStd);

/** Standard deviation of every `stride`-th value from `start` on. In two passes: the squares' mean less the mean's square cancels. */
function deviation(values: Float32Array, start: number, stride: number, members: number): number {
  let mean = 0;
  for (let at = start; at < values.length; at += stride) mean += values[at]! / members;
  let sum = 0;
  for (let at = start; at < values.length; at += stride) sum += (values[at]! - mean) ** 2;
  return Math.sqrt(sum / members);
}
