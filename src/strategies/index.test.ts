import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../core/errors.ts";
import { createRandom } from "../core/random.ts";
import {
  entropy,
  highest,
  type Pool,
  random,
  scoreByEntropy,
  scoreByPredictedLoss,
  strategies,
  strategyNamed,
  subsample,
} from "./index.ts";

function poolOf(entropies: readonly number[]): Pool {
  return {
    ids: entropies.map((_, i) => `i${i}`),
    signals: { entropy: Float32Array.from(entropies) },
    labelled: { ids: [], signals: {} },
  };
}

describe("strategyNamed", () => {
  it("finds every strategy of the list under its own name", () => {
    for (const strategy of strategies) assert.equal(strategyNamed(strategy.name), strategy);
    assert.equal(new Set(strategies.map((strategy) => strategy.name)).size, strategies.length);
  });

  it("reads the wrapper with its number and strategy, also nested, and writes it one way", () => {
    const wrapped = strategyNamed(" subsample( 10_000 ,learned-loss ) ");
    assert.equal(wrapped.name, "subsample(10000, learned-loss)");
    assert.deepEqual(wrapped.needs, ["predictedLoss"]);
    const nested = "subsample(100, subsample(10, entropy))";
    assert.equal(strategyNamed(nested).name, nested);
    assert.equal(strategyNamed(strategyNamed(nested).name).name, nested);
  });

  it("says the nearest right name, also inside the wrapper", () => {
    assert.throws(() => strategyNamed("lerned-loss"), /"lerned-loss" is unknown; did you mean "learned-loss"\?/);
    assert.throws(() => strategyNamed("core_set"), /did you mean "core-set"\?/);
    assert.throws(() => strategyNamed("Entropy"), /did you mean "entropy"\?/);
    assert.throws(() => strategyNamed("subsampel(10, entropy)"), /did you mean "subsample"\?/);
    assert.throws(() => strategyNamed("subsample(10, margn)"), /"margn" is unknown; did you mean "margin"\?/);
    assert.throws(() => strategyNamed("zzzzzzzzzz"), /allowed: random, entropy/);
  });

  it("explains how the wrapper is written when it is written wrongly", () => {
    const wrong = ["subsample", "subsample()", "subsample(10)", "subsample(x, entropy)", "subsample(10, entropy"];
    for (const written of [...wrong, "subsample(-5, entropy)", "subsample(1.5, entropy)"]) {
      assert.throws(() => strategyNamed(written), /write, for example, "subsample\(10000, learned-loss\)"/, written);
    }
    assert.throws(() => strategyNamed("subsample(0, entropy)"), /0 items; give a whole number from 1/);
  });
});

describe("subsample", () => {
  const pool = poolOf(Array.from({ length: 200 }, (_, i) => i));

  it("passes on exactly the items drawn, with their own signals", async () => {
    let seen: Pool | undefined;
    const watching = {
      ...entropy,
      select: async (...[part, count, stream]: Parameters<typeof entropy.select>) => {
        seen = part;
        return entropy.select(part, count, stream);
      },
    };
    const picks = await subsample(30, watching).select(pool, 3, createRandom(1));
    assert.equal(new Set(seen!.ids).size, 30);
    assert.deepEqual(
      seen!.ids,
      Array.from(seen!.signals.entropy!, (value) => `i${value}`),
    );
    const best = [...seen!.signals.entropy!].sort((a, b) => b - a).slice(0, 3);
    assert.deepEqual([...picks], best);
  });

  it("sees all of a pool that is not larger", async () => {
    assert.deepEqual([...(await subsample(200, entropy).select(pool, 2, createRandom(1)))], [199, 198]);
    assert.deepEqual([...(await subsample(999, entropy).select(pool, 2, createRandom(1)))], [199, 198]);
  });

  it("refuses to give more than it draws", async () => {
    await assert.rejects(subsample(10, entropy).select(pool, 11, createRandom(1)), /11 items asked for, 10 are drawn/);
  });

  it("draws evenly when it stands inside itself", async () => {
    const times = new Array<number>(10).fill(0);
    const nested = subsample(10, subsample(1, random));
    const few = poolOf(times);
    for (let seed = 0; seed < 1000; seed++) times[(await nested.select(few, 1, createRandom(seed)))[0]!]!++;
    // Expected 100 each; 5 standard deviations of a binomial(1000, 1/10) are 47.
    assert.ok(Math.min(...times) > 53 && Math.max(...times) < 147, times.join(" "));
  });
});

describe("scores", () => {
  it("are the signal itself, so that an interface can show the reason of a pick", () => {
    assert.deepEqual([...scoreByEntropy(poolOf([0.25, 1.5]))], [0.25, 1.5]);
    assert.throws(() => scoreByPredictedLoss(poolOf([1])), ForelossError);
  });
});

describe("highest", () => {
  it("orders by score, best first, negative numbers and both zeros included", () => {
    const scores = Float32Array.of(-1, 0, 7, -0, -8);
    assert.deepEqual([...highest(scores, 1, createRandom(0))], [2]);
    const picks = [...highest(scores, 5, createRandom(0))];
    assert.equal(picks[0], 2);
    assert.deepEqual(picks.slice(1, 3).sort(), [1, 3]);
    assert.deepEqual(picks.slice(3), [0, 4]);
  });

  it("takes both zeros as equal at the edge of the batch", () => {
    const taken = new Set<number>();
    for (let seed = 0; seed < 30; seed++) taken.add(highest(Float32Array.of(0, -0), 1, createRandom(seed))[0]!);
    assert.equal(taken.size, 2);
  });

  it("leaves the scores as they are", () => {
    const scores = Float32Array.of(3, 1, 2);
    highest(scores, 2, createRandom(0));
    assert.deepEqual([...scores], [3, 1, 2]);
  });
});
