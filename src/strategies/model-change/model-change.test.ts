// Gradients of the last layer against PyTorch's automatic differentiation, BADGE's draws against gradients that are
// written out and scikit-activeml's chances, BAIT against NumPy inverting the matrix for every candidate.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import {
  badge,
  bait,
  type Pool,
  scoreByExpectedGradientLength,
  scoreByGradNorm,
  squaredGradientLengths,
} from "../index.ts";
import { readPool } from "../signals/read.ts";
import { drawPoints, matrixOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";
import { peerPool, peers } from "../testing/peers.ts";

describe("lengths of gradients", () => {
  it("are PyTorch's", () => {
    near(scoreByExpectedGradientLength(peerPool()), peers.pool.expectedGradientLength, 1e-5);
    near(scoreByGradNorm(peerPool()), peers.pool.gradNorm, 1e-5);
    near(squaredGradientLengths(readPool(peerPool(), "gradientFactors")).map(Math.sqrt), peers.pool.badgeLength, 1e-5);
  });

  it("are 0 where the prediction is certain", () => {
    const signals = { probabilities: matrixOf([[0, 1]]), embedding: matrixOf([[3, 4]]) };
    const pool: Pool = { ids: ["a"], signals, labelled: { ids: [], signals: {} } };
    near(scoreByExpectedGradientLength(pool), [0]);
    near(scoreByGradNorm(pool), [0]);
  });
});

describe("BADGE", () => {
  it("begins with scikit-activeml's item; for the second that one counts the origin as a centre too, the paper does not", async () => {
    const { left, right } = readPool(peerPool(), "gradientFactors");
    const row = ({ columns, values }: typeof left, i: number) => [...values.subarray(i * columns, (i + 1) * columns)];
    const gradients = peerPool().ids.map((_, i) => row(left, i).flatMap((x) => row(right, i).map((y) => x * y)));
    const first = peers.pool.badgeFirst;
    assert.equal((await badge.select(peerPool(), 2, createRandom(0)))[0], first);
    const toFirst = gradients.map((g) => g.reduce((sum, x, d) => sum + (x - gradients[first]![d]!) ** 2, 0));
    const toOrigin = gradients.map((g) => g.reduce((sum, x) => sum + x * x, 0));
    const odds = toFirst.map((squared, i) => Math.min(squared, toOrigin[i]!));
    const total = odds.reduce((a, b) => a + b);
    near(
      odds.map((squared) => squared / total),
      peers.pool.badgeSecondChances,
    );
  });

  it("draws as from gradients that are written out", async () => {
    const random = createRandom(1);
    const [left, right] = [drawPoints(6, 3, random), drawPoints(6, 2, random)];
    const gradients = left.map((a, i) => a.flatMap((x) => right[i]!.map((y) => x * y)));
    const squared = (a: number, b: number) =>
      gradients[a]!.reduce((sum, x, d) => sum + (x - gradients[b]![d]!) ** 2, 0);
    const lengths = gradients.map((row) => row.reduce((sum, x) => sum + x * x, 0));
    const start = lengths.indexOf(Math.max(...lengths));
    const signals = { gradientFactors: { left: matrixOf(left), right: matrixOf(right) } };
    const pool: Pool = { ids: left.map((_, i) => `g${i}`), signals, labelled: { ids: [], signals: {} } };
    const times = new Map<string, number>();
    for (let stream = 0; stream < 4000; stream++) {
      const picks = await badge.select(pool, 3, createRandom(stream));
      assert.equal(picks[0], start);
      times.set(picks.slice(1).join(), (times.get(picks.slice(1).join()) ?? 0) + 1);
    }
    const sum = (values: number[]) => values.reduce((a, b) => a + b);
    const everyone = left.map((_, i) => i);
    for (const second of everyone.filter((i) => i !== start)) {
      const chance = squared(second, start) / sum(everyone.map((i) => squared(i, start)));
      const nearest = everyone.map((i) => Math.min(squared(i, start), squared(i, second)));
      for (const third of everyone.filter((i) => i !== start && i !== second)) {
        const both = (chance * nearest[third]!) / sum(nearest);
        const allowed = 5 * Math.sqrt((both * (1 - both)) / 4000) + 1e-9;
        assert.ok(Math.abs((times.get([second, third].join()) ?? 0) / 4000 - both) <= allowed);
      }
    }
  });

  it("never draws a copy of a pick while there is anything else", async () => {
    const left = matrixOf([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 0.5],
    ]);
    const signals = { gradientFactors: { left, right: matrixOf([[2], [2], [2], [1]]) } };
    const pool: Pool = { ids: ["a", "b", "c", "d"], signals, labelled: { ids: [], signals: {} } };
    for (let stream = 0; stream < 50; stream++) {
      const picks = await badge.select(pool, 3, createRandom(stream));
      assert.equal(picks[1], 3);
    }
  });
});

describe("BAIT", () => {
  it("takes the items that traces computed from their definition lead to", async () => {
    assert.deepEqual([...(await bait.select(peerPool(), 7, createRandom(0)))], peers.pool.bait);
  });

  it("prefers what is in a direction no label has, and unsure", async () => {
    const pool: Pool = {
      ids: ["known", "sure", "new"],
      signals: {
        embedding: matrixOf([
          [9, 0],
          [0, 9],
          [0, 9],
        ]),
        probabilities: matrixOf([
          [0.5, 0.5],
          [0.999, 0.001],
          [0.5, 0.5],
        ]),
      },
      labelled: {
        ids: ["l"],
        signals: { embedding: matrixOf([[9, 0]]), probabilities: matrixOf([[0.5, 0.5]]) },
      },
    };
    assert.deepEqual([...(await bait.select(pool, 1, createRandom(0)))], [2]);
  });

  it("says so when the labelled items have no probabilities", async () => {
    const pool = peerPool();
    const { embedding } = pool.labelled.signals;
    const bare = { ...pool, labelled: { ...pool.labelled, signals: { embedding: embedding! } } };
    await assert.rejects(bait.select(bare, 2, createRandom(0)), /the signal "probabilities" is missing/);
  });
});
