import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import { learnedLossClusters, learnedLossSeeding, type Pool } from "../index.ts";
import { matrixOf } from "../testing/made-pool.ts";

function poolOf(points: readonly number[], losses: readonly number[], labelled: readonly number[] = []): Pool {
  const column = (values: readonly number[]) => matrixOf(values.map((value) => [value]));
  return {
    ids: points.map((_, i) => `i${i}`),
    signals: { embedding: column(points), predictedLoss: Float32Array.from(losses) },
    labelled: { ids: labelled.map((_, i) => `l${i}`), signals: { embedding: column(labelled) } },
  };
}

describe("learned loss spread over clusters", () => {
  it("takes the highest of every cluster, the highest of all first", async () => {
    const pool = poolOf([0, 0.1, 0.2, 40, 40.1, 90], [5, 9, 8, -1, -2, 3]);
    for (let stream = 0; stream < 10; stream++) {
      assert.deepEqual([...(await learnedLossClusters.select(pool, 3, createRandom(stream)))], [1, 5, 3]);
    }
  });

  it("goes on with the highest of the rest when there are fewer points than picks", async () => {
    const pool = poolOf([7, 7, 7, 8], [1, 4, 3, 2]);
    assert.deepEqual([...(await learnedLossClusters.select(pool, 3, createRandom(0)))], [1, 3, 2]);
  });
});

describe("learned loss as weight in k-means++", () => {
  it("draws in proportion to squared distance to the labels times the rank of the loss", async () => {
    // Squared distances 1, 4, 4 and 0; ranks 4/4, 1/4, 2/4 and 3/4.
    const pool = poolOf([1, 2, -2, 0], [900, -7, 0, 3], [0]);
    const times = [0, 0, 0, 0];
    for (let stream = 0; stream < 4000; stream++) {
      times[(await learnedLossSeeding.select(pool, 1, createRandom(stream)))[0]!]!++;
    }
    [1, 1, 2, 0].forEach((odds, item) => {
      const share = odds / 4;
      assert.ok(Math.abs(times[item]! - 4000 * share) <= 5 * Math.sqrt(4000 * share * (1 - share)), times.join(" "));
    });
  });
});
