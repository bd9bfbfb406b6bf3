// Herding against scikit-activeml (MaxHerding) and NumPy with the whole kernel matrix (UHerding).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom, permutation } from "../../core/random.ts";
import { maxHerding, type Pool, uherding, uherdingLearnedLoss, uherdingMargin } from "../index.ts";
import { rankShares } from "../kernels/rank-shares.ts";
import { readPool } from "../signals/read.ts";
import { matrixOf, permuted } from "../testing/made-pool.ts";
import { peerPool, peers } from "../testing/peers.ts";

const cold = { ids: [], signals: {} };

describe("MaxHerding", () => {
  it("takes scikit-activeml's items for a kernel of radius 1, with labels and without", async () => {
    const pool = peerPool();
    assert.deepEqual([...(await maxHerding.select(pool, 10, createRandom(0)))], peers.pool.maxHerding);
    const first = await maxHerding.select({ ...pool, labelled: cold }, 10, createRandom(0));
    assert.deepEqual([...first], peers.pool.maxHerdingCold);
  });

  it("takes the same items from a permuted pool", async () => {
    const pool = peerPool();
    const order = permutation(40, createRandom(3));
    const picks = await maxHerding.select(permuted(pool, order), 10, createRandom(0));
    assert.deepEqual(
      Array.from(picks, (position) => order[position]),
      peers.pool.maxHerding,
    );
  });

  it("leaves it to the seed which of two items that cover only each other comes first", async () => {
    const embedding = matrixOf([
      [1, 0.02, 0],
      [1, 0, 0.01],
      [-1, 0, 0],
      [-1, 0.3, 0],
      [-1, 0.1, 0.2],
    ]);
    const pool: Pool = { ids: ["a", "b", "c", "d", "e"], signals: { embedding }, labelled: cold };
    const firsts = new Set<number>();
    for (let stream = 0; stream < 40; stream++) {
      const picks = await maxHerding.select(pool, 2, createRandom(stream));
      firsts.add(picks.find((pick) => pick < 2)!);
    }
    assert.deepEqual([...firsts].sort(), [0, 1]);
  });

  it("leaves the labelled point and its copies for last", async () => {
    const signals = {
      embedding: matrixOf([
        [1, 0],
        [2, 0],
        [0, 1],
        [0, -3],
      ]),
    };
    const labelled = { ids: ["l"], signals: { embedding: matrixOf([[5, 0]]) } };
    const pool: Pool = { ids: ["a", "b", "c", "d"], signals, labelled };
    for (let stream = 0; stream < 10; stream++) {
      const picks = await maxHerding.select(pool, 4, createRandom(stream));
      assert.deepEqual([...picks.subarray(0, 2)].sort(), [2, 3]);
    }
  });
});

describe("UHerding", () => {
  it("takes the items of the whole kernel matrix, its radius the smallest distance of two labels", async () => {
    assert.deepEqual([...(await uherding.select(peerPool(), 10, createRandom(0)))], peers.pool.uherding);
  });

  it("does the same on the margin where there are no probabilities", async () => {
    const pool = peerPool();
    const { embedding } = pool.signals;
    const margin = readPool(pool, "margin");
    const picks = await uherdingMargin.select(
      { ...pool, signals: { embedding: embedding!, margin } },
      10,
      createRandom(0),
    );
    assert.deepEqual([...picks], peers.pool.uherding);
  });

  it("goes by the order of predicted losses alone, whatever their scale and sign", async () => {
    const pool = peerPool();
    const select = (predictedLoss: Float32Array) =>
      uherdingLearnedLoss.select({ ...pool, signals: { ...pool.signals, predictedLoss } }, 10, createRandom(0));
    const losses = readPool(pool, "entropy");
    const picks = await select(losses);
    assert.deepEqual(await select(losses.map((loss) => 40 * loss - 900)), picks);
    const byShares = { ...pool.signals, margin: Float32Array.from(rankShares(losses)) };
    assert.deepEqual(await uherdingMargin.select({ ...pool, signals: byShares }, 10, createRandom(0)), picks);
  });

  it("becomes the highest uncertainty as labels come close to each other", async () => {
    const pool = peerPool();
    const close = matrixOf([
      [1, 0, 0, 0, 0, 0],
      [1, 1e-3, 0, 0, 0, 0],
    ]);
    const labelled = { ids: ["l0", "l1"], signals: { embedding: close } };
    const margin = readPool(pool, "margin");
    const picks = await uherdingMargin.select(
      { ...pool, signals: { ...pool.signals, margin }, labelled },
      5,
      createRandom(0),
    );
    const highest = [...margin.keys()].sort((a, b) => margin[b]! - margin[a]!).slice(0, 5);
    assert.deepEqual([...picks], highest);
  });

  it("refuses an uncertainty below 0, and names the item", async () => {
    const pool = peerPool();
    const margin = readPool(pool, "margin").slice();
    margin[7] = -0.5;
    const choice = uherdingMargin.select({ ...pool, signals: { ...pool.signals, margin } }, 3, createRandom(0));
    await assert.rejects(choice, /uherding-margin: the score of item "p7" is -0\.5, below 0/);
  });

  it("keeps a radius when labelled items are copies of each other", async () => {
    const pool = peerPool();
    const twice = matrixOf([peers.pool.labelledEmbedding[0]!, peers.pool.labelledEmbedding[0]!]);
    const labelled = { ids: ["l0", "l1"], signals: { embedding: twice } };
    assert.equal(new Set(await uherding.select({ ...pool, labelled }, 10, createRandom(0))).size, 10);
  });

  it("scales by temperature where the classes of the labels are told", async () => {
    // Eight labels, all wrong and all sure: only at the highest temperature are they as unsure as they should be.
    const pool = peerPool();
    const wrong = matrixOf(Array.from({ length: 8 }, () => [0.97, 0.01, 0.01, 0.01]));
    const signals = { ...pool.labelled.signals, probabilities: wrong };
    const labelled = { ...pool.labelled, signals, classes: new Uint32Array(8).fill(1) };
    const picks = await uherding.select({ ...pool, labelled }, 10, createRandom(0));
    assert.notDeepEqual([...picks], peers.pool.uherding);
  });
});
