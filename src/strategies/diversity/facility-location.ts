// Facility location: asks for the items that together are most similar to all others, each item counted with the most
// similar of labels and picks (Wei, Iyer and Bilmes 2015), greedily, which is within 1 - 1/e of the best.
import { permutation } from "../../core/random.ts";
import { coverGreedily } from "../kernels/coverage.ts";
import { startPace } from "../kernels/pace.ts";
import { dot, unitRows } from "../kernels/rows.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Strategy } from "../strategy.ts";

/** Similarity is (1 + cosine) / 2, in [0, 1]. O(items^2 x dimensions): put `subsample` around it for large pools. */
export const facilityLocation: Strategy = {
  name: "facility-location",
  needs: ["embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    const { own, labelled } = readEmbeddings(pool, "facility-location");
    const pace = startPace("facility-location", signal);
    const points = unitRows(own);
    const centres = unitRows(labelled);
    const { rows, columns } = points;
    const similarity = (a: number, b: number) => (1 + dot(points.values, a, points.values, b, columns)) / 2;
    const covered = new Float64Array(rows);
    for (let item = 0; item < rows; item++) {
      for (let label = 0; label < centres.rows; label++) {
        const similar = (1 + dot(points.values, item, centres.values, label, columns)) / 2;
        covered[item] = Math.max(covered[item]!, similar);
      }
      if (pace.did(centres.rows * columns)) await pace.pause();
    }
    const coverage = { weights: new Float64Array(rows).fill(1), covered, similarity, costOfSimilarity: columns };
    return coverGreedily(coverage, count, permutation(rows, random), pace);
  },
};
