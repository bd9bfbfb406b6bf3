// Scores from class probabilities against scikit-activeml (entropy, margin, least confidence, BALD as its average
// Kullback-Leibler divergence from the mean, variation ratios) and NumPy (mean standard deviation).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import {
  type Pool,
  type Score,
  scoreByBald,
  scoreByEntropy,
  scoreByLeastConfidence,
  scoreByMargin,
  scoreByMeanStd,
  scoreByVariationRatios,
  strategyNamed,
} from "../index.ts";
import { matrixOf, membersOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";
import { peerPool, peers } from "../testing/peers.ts";

function poolOf(each: readonly (readonly (readonly number[])[])[]): Pool {
  const ids = each[0]!.map((_, i) => `i${i}`);
  return { ids, signals: { memberProbabilities: membersOf(each) }, labelled: { ids: [], signals: {} } };
}

describe("scores from probabilities", () => {
  const cases: readonly (readonly [keyof typeof peers.pool, Score])[] = [
    ["entropy", scoreByEntropy],
    ["margin", scoreByMargin],
    ["leastConfidence", scoreByLeastConfidence],
    ["bald", scoreByBald],
    ["variationRatios", scoreByVariationRatios],
    ["meanStd", scoreByMeanStd],
  ];
  for (const [name, score] of cases) {
    it(`agree with the peer's on 40 items: ${name}`, () => {
      near(score(peerPool()), peers.pool[name] as number[]);
    });
  }

  it("are taken from the signal where it is given, and not derived", () => {
    const pool = peerPool();
    const entropy = new Float32Array(40).fill(7);
    assert.deepEqual(scoreByEntropy({ ...pool, signals: { ...pool.signals, entropy } }), entropy);
  });

  it("come from the mean of the members where there is nothing else", () => {
    const pool = poolOf([[[0.5, 0.5]], [[1, 0]]]);
    near(scoreByEntropy(pool), [-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)]);
    near(scoreByMargin(pool), [0.5]);
    near(scoreByLeastConfidence(pool), [0.25]);
  });

  it("are finite and right at the ends: certain, uniform, a single class", () => {
    const certain = poolOf([[[1, 0, 0]]]);
    const uniform = poolOf([[[1 / 3, 1 / 3, 1 / 3]]]);
    const single = poolOf([[[1]]]);
    near(scoreByEntropy(certain), [0]);
    near(scoreByEntropy(uniform), [Math.log(3)]);
    near(scoreByMargin(certain), [0]);
    near(scoreByMargin(uniform), [1]);
    near(scoreByMargin(single), [0]);
    near(scoreByLeastConfidence(single), [0]);
  });
});

describe("disagreement of members", () => {
  const agreed = [
    [1, 0],
    [0.5, 0.5],
  ];

  it("is 0 where all say the same, however unsure they are", () => {
    const pool = poolOf([agreed, agreed, agreed]);
    for (const score of [scoreByBald, scoreByVariationRatios, scoreByMeanStd]) near(score(pool), [0, 0]);
  });

  it("is greatest where each is sure of another class", () => {
    const pool = poolOf([[[1, 0]], [[0, 1]]]);
    near(scoreByBald(pool), [Math.log(2)]);
    near(scoreByVariationRatios(pool), [0.5]);
    near(scoreByMeanStd(pool), [0.5]);
  });

  it("decides what BALD asks for, where the mean alone would not tell", async () => {
    // Both means are (0.5, 0.5): the first item is ambiguous to all, on the second they contradict each other.
    const pool = poolOf([
      [
        [0.5, 0.5],
        [0.9, 0.1],
      ],
      [
        [0.5, 0.5],
        [0.1, 0.9],
      ],
    ]);
    assert.deepEqual([...(await strategyNamed("bald").select(pool, 1, createRandom(0)))], [1]);
  });

  it("is not measured on numbers that are no probabilities", () => {
    const broken = matrixOf([
      [0.5, 0.5],
      [0.5, 0.7],
    ]);
    const pool = { ...poolOf([agreed]), signals: { memberProbabilities: { ...broken, members: 1 } } };
    assert.throws(
      () => scoreByBald(pool),
      /memberProbabilities of item "i1" add up to 1\.2 \(row 1 of member 0, from 0\)/,
    );
  });
});
