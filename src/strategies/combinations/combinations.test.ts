import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import {
  chancesInTurn,
  classBalanced,
  coreSet,
  costAware,
  entropy,
  isRandomPick,
  learnedLoss,
  margin,
  onePerGroup,
  type Pool,
  power,
  random,
  rankSum,
  type Strategy,
  sharpnessFor,
  strategyNamed,
  withinTop,
  withRandom,
} from "../index.ts";
import { makePool, matrixOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";

const cold = { ids: [], signals: {} };

function poolOf(entropies: readonly number[], more: Pool["signals"] = {}): Pool {
  const ids = entropies.map((_, i) => `i${i}`);
  return { ids, signals: { entropy: Float32Array.from(entropies), ...more }, labelled: cold };
}

async function picks(strategy: Strategy, pool: Pool, count: number, seed = 0): Promise<number[]> {
  return [...(await strategy.select(pool, count, createRandom(seed)))];
}

describe("rank-sum", () => {
  const pool = poolOf([1, 2, 3, 4], { margin: Float32Array.of(900, 800, -1, 100) });

  it("adds up weighted ranks, not scores", async () => {
    const both = rankSum({ weight: 3, strategy: entropy }, { weight: 1, strategy: margin });
    near(both.score(pool), [(3 * 1 + 4) / 16, (3 * 2 + 3) / 16, (3 * 3 + 1) / 16, (3 * 4 + 2) / 16]);
    assert.deepEqual(await picks(both, pool, 3), [3, 2, 1]);
    assert.deepEqual(both.needs, ["entropy", "margin"]);
  });

  it("refuses a strategy without a score, and weights that are not above 0", () => {
    const part = (weight: number, strategy: Strategy) => rankSum({ weight, strategy });
    assert.throws(() => part(1, coreSet), /rank-sum\(1, core-set\): "core-set" gives no score to each item; take one/);
    assert.throws(() => part(0, entropy), /weight must be above 0/);
    assert.throws(() => part(Number.NaN, entropy), ForelossError);
  });
});

describe("within-top", () => {
  it("lets the second choose among the best of the first, and only those", async () => {
    const embedding = matrixOf([[0], [5], [1], [100], [2], [-90]]);
    const pool = poolOf([9, 8, 7, 1, 6, 2], { embedding });
    // The four most uncertain lie at 0, 5, 1 and 2; the farthest from a start among them is an end.
    for (let seed = 0; seed < 10; seed++) {
      const chosen = await picks(withinTop(2, entropy, coreSet), pool, 2, seed);
      assert.ok(chosen.every((pick) => [0, 1, 2, 4].includes(pick)));
      assert.ok(chosen.includes(1) || chosen.includes(0));
    }
    assert.throws(() => withinTop(0.5, entropy, coreSet), /a factor of 0.5; give a number from 1/);
  });
});

describe("one-per-group", () => {
  const group = Uint32Array.of(7, 7, 7, 3, 3, 5);

  it("takes no second item of a group before every group has one", async () => {
    const pool = poolOf([9, 8, 7, 3, 2, 1], { group });
    for (let seed = 0; seed < 20; seed++) {
      const chosen = await picks(onePerGroup(entropy), pool, 6, seed);
      const groups = chosen.map((pick) => group[pick]);
      assert.deepEqual(groups.slice(0, 3), [7, 3, 5]);
      assert.deepEqual(groups.slice(3, 5), [7, 3]);
      assert.equal(groups[5], 7);
    }
  });

  it("leaves groups that have labels for later", async () => {
    const labelled = { ids: ["l0", "l1"], signals: { group: Uint32Array.of(7, 7) } };
    const pool = { ...poolOf([9, 8, 7, 3, 2, 1], { group }), labelled };
    const groups = (await picks(onePerGroup(entropy), pool, 4)).map((pick) => group[pick]);
    assert.deepEqual(groups, [3, 5, 3, 7]);
  });

  it("draws any item of a group, whatever its score", async () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++)
      seen.add((await picks(onePerGroup(entropy), poolOf([9, 8, 7], { group: Uint32Array.of(1, 1, 1) }), 1, seed))[0]!);
    assert.deepEqual([...seen].sort(), [0, 1, 2]);
  });
});

describe("class-balanced", () => {
  const predictedClass = Uint32Array.of(0, 0, 0, 0, 0, 6, 6, 2);

  it("takes the same number of every predicted class, as far as there are so many, the best of each first", async () => {
    const pool = poolOf([9, 8, 7, 6, 5, 1, 2, 0], { predictedClass });
    const chosen = await picks(classBalanced(entropy), pool, 6);
    assert.deepEqual([...chosen].sort(), [0, 1, 2, 5, 6, 7]);
    assert.deepEqual([...chosen.slice(0, 3)].sort(), [0, 6, 7]);
  });

  it("reads the classes off the probabilities where they are not given", async () => {
    const probabilities = matrixOf([
      [0.9, 0.1],
      [0.8, 0.2],
      [0.3, 0.7],
    ]);
    assert.deepEqual((await picks(classBalanced(entropy), poolOf([3, 2, 1], { probabilities }), 2)).sort(), [0, 2]);
  });
});

describe("cost-aware", () => {
  it("takes the highest score per second", async () => {
    const pool = poolOf([6, 5, 4], { cost: Float32Array.of(60, 10, 5) });
    assert.deepEqual(await picks(costAware(entropy), pool, 3), [2, 1, 0]);
  });

  it("refuses scores below 0, which are no ratio, and says what to do", async () => {
    const signals = { predictedLoss: Float32Array.of(1, -2), cost: Float32Array.of(1, 1) };
    const pool: Pool = { ids: ["a", "b"], signals, labelled: cold };
    await assert.rejects(
      picks(costAware(learnedLoss), pool, 1),
      /cost-aware\(learned-loss\): the score of item "b" is -2, below 0; go by ranks: rank-sum\(1, learned-loss\)/,
    );
    assert.deepEqual(await picks(strategyNamed("cost-aware(rank-sum(1, learned-loss))"), pool, 2), [0, 1]);
  });
});

describe("with-random", () => {
  it("draws its share evenly from the pool and spreads it over the batch", async () => {
    const scores = Array.from({ length: 50 }, (_, i) => i);
    const times = new Array<number>(50).fill(0);
    for (let seed = 0; seed < 1000; seed++) {
      const chosen = await picks(withRandom(0.2, entropy), poolOf(scores), 10, seed);
      const drawn = chosen.filter((_, at) => isRandomPick(at, 0.2));
      const others = chosen.filter((_, at) => !isRandomPick(at, 0.2));
      assert.equal(drawn.length, 2);
      for (const pick of drawn) times[pick]!++;
      const best = scores
        .filter((item) => !drawn.includes(item))
        .slice(-8)
        .reverse();
      assert.deepEqual(others, best);
    }
    // Expected 40 each; 5 standard deviations of a binomial(1000, 1/25) are 31.
    assert.ok(Math.min(...times) > 9 && Math.max(...times) < 71, times.join(" "));
    assert.deepEqual(Array.from({ length: 10 }, (_, at) => isRandomPick(at, 0.2)).indexOf(true), 4);
  });

  it("lets the strategy keep away from the random items", async () => {
    const pool = makePool(30, 0);
    const { embedding } = pool.signals;
    for (let seed = 0; seed < 10; seed++) {
      const [random, chosen] = await picks(withRandom(0.5, coreSet), pool, 2, seed).then(([a, b]) => [b!, a!]);
      const row = (i: number) => embedding!.values.subarray(i * 5, i * 5 + 5);
      const far = (i: number) => Math.hypot(...row(i).map((x, d) => x - row(random!)[d]!));
      assert.equal(far(chosen!), Math.max(...Array.from({ length: 30 }, (_, i) => far(i))));
    }
    assert.throws(() => withRandom(1, random), /a share of 1; give a number between 0 and 1/);
  });
});

describe("power", () => {
  const scores = [1, 2, 3, 0];

  it("draws without replacement in proportion to score^beta, and tells the chances", async () => {
    const times = new Map<string, number>();
    for (let seed = 0; seed < 8000; seed++) {
      const key = (await picks(power(2, entropy), poolOf(scores), 2, seed)).join();
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    for (const pair of [
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 2],
      [2, 0],
      [2, 1],
    ]) {
      const [first, second] = chancesInTurn(scores, 2, pair);
      const weights = [1, 4, 9];
      near([first!, second!], [weights[pair[0]!]! / 14, weights[pair[1]!]! / (14 - weights[pair[0]!]!)]);
      const both = first! * second!;
      const allowed = 5 * Math.sqrt((both * (1 - both)) / 8000);
      assert.ok(Math.abs((times.get(pair.join()) ?? 0) / 8000 - both) < allowed, pair.join());
    }
    assert.equal(
      [...times.values()].reduce((a, b) => a + b),
      8000,
    );
  });

  it("takes what scores 0 only when nothing else is left", async () => {
    for (let seed = 0; seed < 20; seed++) assert.equal((await picks(power(1, entropy), poolOf(scores), 4, seed))[3], 3);
    near(chancesInTurn([0, 0, 5], 1, [2, 0]), [1, 0.5]);
  });

  it("tells chances of scores too large or too small to be multiplied", () => {
    near(chancesInTurn([1e-30, 2e-30], 20, [1, 0]), [2 ** 20 / (1 + 2 ** 20), 1]);
  });

  it("changes beta in a straight line with the number of labels", () => {
    const schedule = { from: 1, to: 8, labels: 100 };
    const at = (labelled: number) => sharpnessFor(schedule, makePool(1, labelled));
    near([at(0), at(50), at(100), at(300)], [1, 4.5, 8, 8]);
    assert.equal(power(schedule, entropy).name, "power(1, 8, 100, entropy)");
    assert.throws(() => power(0, entropy), /every number must be above 0/);
  });
});

describe("names with brackets", () => {
  it("are read as they are written, however deep", () => {
    const names = [
      "rank-sum(2, learned-loss, 1, margin)",
      "within-top(10, rank-sum(1, bald, 0.5, entropy), k-means)",
      "one-per-group(class-balanced(margin))",
      "with-random(0.1, power(1, 8, 1000, margin))",
      "cost-aware(entropy)",
      "prob-cover(0.5)",
      "subsample(5000, tcm(200))",
    ];
    for (const name of names) assert.equal(strategyNamed(name).name, name);
    assert.equal(strategyNamed("rank-sum( 1,entropy , 1_000 ,margin )").name, "rank-sum(1, entropy, 1000, margin)");
  });

  it("are explained by an example when they are written wrongly", () => {
    const wrong = [
      ["rank-sum(entropy, margin)", /weights, each before its strategy, .*"rank-sum\(2, learned-loss, 1, margin\)"/],
      ["rank-sum(1, entropy, 2)", /write, for example/],
      ["within-top(margin, k-means)", /"within-top\(10, margin, k-means\)"/],
      ["tcm(two)", /"tcm\(200\)"/],
      ["power(1, 2, entropy)", /"power\(1, bald\)"/],
      ["one-per-group(margin))", /"one-per-group\(margin\)"/],
      ["with-random(0.1, )", /"with-random\(0\.1, margin\)"/],
      ["with-random(0.1, margn)", /"margn" is unknown; did you mean "margin"/],
      ["with-randm(0.1, margin)", /did you mean "with-random"/],
    ] as const;
    for (const [written, message] of wrong) assert.throws(() => strategyNamed(written), message, written);
  });
});
