// Expected gradient length: asks for the items whose label is expected to change the last layer most (Settles, Craven and
// Ray 2008). In closed form: cross-entropy's gradient for class y is (p - onehot(y)) x embedding.
import { squaredLengths } from "../kernels/rows.ts";
import { highestBy } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";

/** Sum over classes y of p(y) |p - onehot(y)| |embedding|, with |p - onehot(y)|^2 = |p|^2 - 2 p(y) + 1. */
export const scoreByExpectedGradientLength: Score = (pool) => {
  const { rows, columns, values } = readPool(pool, "probabilities");
  const squared = squaredLengths({ rows, columns, values });
  const lengths = squaredLengths(readPool(pool, "embedding"));
  return Float32Array.from({ length: rows }, (_, item) => {
    let expected = 0;
    for (const p of values.subarray(item * columns, (item + 1) * columns)) {
      expected += p * Math.sqrt(Math.max(0, squared[item]! - 2 * p + 1));
    }
    return expected * Math.sqrt(lengths[item]!);
  });
};

export const expectedGradientLength: Strategy = highestBy(
  "expected-gradient-length",
  ["probabilities", "embedding"],
  scoreByExpectedGradientLength,
);
