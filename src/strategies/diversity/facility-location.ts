// Facility location: asks for the items that together are most similar to all others, each item counted with the most
// similar of labels and picks (Wei, Iyer and Bilmes 2015), greedily, which is within 1 - 1/e of the best.
import type { Strategy } from "../strategy.ts";
import { coverageChoice } from "./coverage-choice.ts";

/** Similarity is (1 + cosine) / 2, in [0, 1]: 1 - |x - y|^2 / 4 of rows of length 1. Costs as `coverageChoice`. */
export const facilityLocation: Strategy = coverageChoice({
  name: "facility-location",
  needs: [],
  weights: (pool) => new Float64Array(pool.ids.length).fill(1),
  kernelFor: async () => ({ similarity: (squared) => Math.max(0, 1 - squared / 4), reach: Infinity }),
});
