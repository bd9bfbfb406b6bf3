// GradNorm: asks for the items on which the entropy of the prediction has the longest gradient (Wang et al. 2022, the
// scheme "entropy-gradnorm"), here with respect to the last layer, where it is -p (log p + entropy) x embedding.
import { squaredLengths } from "../kernels/rows.ts";
import { highestBy } from "../scores.ts";
import { entropyOf } from "../signals/derive.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";

/** |p (log p + entropy)| |embedding|; 0 where the prediction is certain, and where it is uniform. */
export const scoreByGradNorm: Score = (pool) => {
  const { rows, columns, values } = readPool(pool, "probabilities");
  const lengths = squaredLengths(readPool(pool, "embedding"));
  return Float32Array.from({ length: rows }, (_, item) => {
    const row = values.subarray(item * columns, (item + 1) * columns);
    const entropy = entropyOf(row);
    let sum = 0;
    for (const p of row) if (p > 0) sum += (p * (Math.log(p) + entropy)) ** 2;
    return Math.sqrt(sum * lengths[item]!);
  });
};

export const gradNorm: Strategy = highestBy("grad-norm", ["probabilities", "embedding"], scoreByGradNorm);
