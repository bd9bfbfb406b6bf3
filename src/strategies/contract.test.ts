// What every strategy promises, run by each of them. A promise that one of them cannot make is skipped with its reason.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError, InterruptedError } from "../core/errors.ts";
import { createRandom, permutation } from "../core/random.ts";
import type { PoolSignal, Signals } from "../core/signals.ts";
import { type Pool, type Strategy, strategies, strategyNamed, subsample } from "./index.ts";
import { makePool, makeSignals, permuted } from "./testing/made-pool.ts";

/** A copy in which one number of `signal` for the item at `position` is `value`. */
function spoilt(pool: Pool, signal: PoolSignal, position: number, value: number): Pool {
  const copy = structuredClone(pool);
  const found = copy.signals[signal]!;
  if (ArrayBuffer.isView(found)) found[position] = value;
  else {
    const matrix = "left" in found ? found.left : found;
    matrix.values[position * matrix.columns + 2] = value;
  }
  return copy;
}

/** Signals that are whole numbers cannot hold what is not finite. */
const isWhole = (signal: PoolSignal) => makePool(1).signals[signal] instanceof Uint32Array;

async function pickedIds(strategy: Strategy, pool: Pool, count: number, seed = 0): Promise<string[]> {
  return Array.from(await strategy.select(pool, count, createRandom(seed)), (position) => pool.ids[position]!);
}

const combinations = [
  "rank-sum(2, learned-loss, 1, margin)",
  "within-top(3, margin, core-set)",
  "one-per-group(learned-loss)",
  "class-balanced(margin)",
  "cost-aware(entropy)",
  "with-random(0.3, core-set)",
  "power(2, bald)",
  "power(1, 8, 100, margin)",
  "prob-cover(0.4)",
  "tcm(3)",
  "class-balanced(one-per-group(power(1, entropy)))",
];
const all = [
  ...strategies,
  ...strategies.map((strategy) => subsample(20, strategy)),
  ...combinations.map(strategyNamed),
];

/** The reason why a strategy is let off a promise, or false; wrappers are let off what is in their brackets. */
const excuse =
  (reason: string, names: readonly string[]) =>
  ({ name }: Strategy) =>
    name.split(/[(,)]/).some((part) => names.includes(part.trim())) ? reason : false;
const clusters = ["k-means", "k-means-cosine", "typiclust", "tcm", "drop-query", "learned-loss-clusters"];
const draws = ["random", "subsample", "badge", "learned-loss-seeding", "prob-cover", "power", "one-per-group"];
const coverage = ["facility-location", "prob-cover", "max-herding", "uherding", "uherding-margin"];
const drawsItems = excuse("it draws items, which is to draw from an order", [...draws, ...clusters, "with-random"]);
const tiesAbound = excuse("most items tie, and ties go by the order", [
  "variation-ratios",
  "rank-sum",
  ...coverage,
  "uherding-learned-loss",
]);
const growsWithCount = excuse("what it chooses among depends on the number of picks", [
  ...clusters,
  ...["prob-cover", "bait", "within-top", "with-random"],
]);
const quadratic = excuse("it compares every item with every other; `subsample` is for large pools", [
  ...coverage,
  "uherding-learned-loss",
]);

/** More items than a function takes arguments, so that none may be spread into a call; in 125 places, so that clusters are soon found. */
function makeLargePool(): Pool {
  const pool = makePool(130_000, 120, 3);
  const { values, columns } = pool.signals.embedding!;
  values.forEach((value, i) => {
    const [item, axis] = [Math.floor(i / columns), i % columns];
    values[i] = value + 40 * (Math.floor(item / 5 ** axis) % 5);
  });
  return pool;
}
const largePool = makeLargePool();

const widePool = makePool(6000, 100, 64);
const quick = ({ name, needs }: Strategy) =>
  (/^subsample|^tcm|core-set/.test(name) ||
    needs.every((need) => need !== "embedding" && need !== "gradientFactors") ||
    ["expected-gradient-length", "grad-norm"].includes(name)) &&
  "it is done before it could be stopped";

for (const strategy of all) {
  describe(`the strategy ${strategy.name}`, () => {
    it("gives exactly the number asked for, all different, as positions and not ids", async () => {
      const pool = makePool(40);
      for (const count of [0, 1, 7, 20]) {
        const picks = await strategy.select(pool, count, createRandom(5));
        assert.ok(picks instanceof Uint32Array);
        assert.equal(picks.length, count);
        assert.equal(new Set(picks).size, count);
        assert.ok(picks.every((position) => position < 40));
      }
    });

    it("gives the same picks for the same seed", async () => {
      const pool = makePool(40);
      assert.deepEqual(await pickedIds(strategy, pool, 12, 9), await pickedIds(strategy, pool, 12, 9));
    });

    it("does not change the pool, its signals or its labelled items", async () => {
      const pool = makePool(30);
      const before = structuredClone(pool);
      await strategy.select(pool, 10, createRandom(0));
      assert.deepEqual(pool, before);
    });

    it("picks every item once when as many are asked for as there are", async () => {
      const pool = makePool(18);
      const picks = await strategy.select(pool, 18, createRandom(2));
      assert.deepEqual(
        [...picks].sort((a, b) => a - b),
        Array.from({ length: 18 }, (_, i) => i),
      );
    });

    it("refuses to give more than there is, and says how many there are", async () => {
      await assert.rejects(strategy.select(makePool(4), 5, createRandom(0)), (error) => {
        assert.ok(error instanceof ForelossError);
        assert.match(error.message, /^pool exhausted: 5 items asked for, 4 available/);
        return true;
      });
    });

    it("refuses a count that is no whole number from 0", async () => {
      for (const count of [-1, 1.5, Number.NaN]) {
        await assert.rejects(strategy.select(makePool(4), count, createRandom(0)), ForelossError);
      }
    });

    it("gives nothing from an empty pool", async () => {
      assert.equal((await strategy.select(makePool(0), 0, createRandom(0))).length, 0);
      await assert.rejects(strategy.select(makePool(0), 1, createRandom(0)), /pool exhausted/);
    });

    it("begins a larger batch with the smaller one", { skip: growsWithCount(strategy) }, async () => {
      const pool = makePool(40);
      const larger = await pickedIds(strategy, pool, 15, 4);
      assert.deepEqual(await pickedIds(strategy, pool, 6, 4), larger.slice(0, 6));
    });

    it("picks the same items in the same order however the pool is listed", {
      skip: drawsItems(strategy) || tiesAbound(strategy),
    }, async () => {
      const pool = makePool(40);
      const other = permuted(pool, permutation(40, createRandom(8)));
      assert.notDeepEqual(other.ids, pool.ids);
      assert.deepEqual(await pickedIds(strategy, other, 12), await pickedIds(strategy, pool, 12));
    });

    it("reads no signal but those it says it needs", async () => {
      const read = new Set<PropertyKey>();
      const pool = makePool(30);
      const watch = (signals: Signals) =>
        new Proxy(signals, {
          get: (target, key) => {
            read.add(key);
            return Reflect.get(target, key);
          },
          ownKeys: () => assert.fail("it lists all signals"),
        });
      const labelled = { ids: pool.labelled.ids, signals: watch(pool.labelled.signals) };
      await strategy.select({ ids: pool.ids, signals: watch(pool.signals), labelled }, 5, createRandom(0));
      assert.deepEqual([...read].sort(), [...strategy.needs].sort());
    });

    it("names the item and the value of a signal that is not finite", {
      skip: strategy.needs.length === 0 && "it needs no signal",
    }, async () => {
      const pool = makePool(30);
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        for (const need of strategy.needs.filter((signal) => !isWhole(signal))) {
          const broken = spoilt(pool, need, 17, value);
          await assert.rejects(strategy.select(broken, 3, createRandom(0)), (error) => {
            assert.ok(error instanceof ForelossError);
            assert.ok(error.message.includes(`${need} of item "${pool.ids[17]}" is ${value}`), error.message);
            return true;
          });
        }
      }
    });

    it("refuses a signal that is missing or has another length than the pool", {
      skip: strategy.needs.length === 0 && "it needs no signal",
    }, async () => {
      const pool = makePool(30);
      await assert.rejects(strategy.select({ ...pool, signals: {} }, 3, createRandom(0)), /signal "\w+" is missing/);
      const short = { ...pool, signals: makePool(29).signals };
      await assert.rejects(strategy.select(short, 3, createRandom(0)), /29 entries; 30 are needed/);
    });

    it("breaks ties by the seed and evenly, whatever the position", async () => {
      const tied = { ...makePool(8), signals: makeSignals(8, () => 0.5) };
      const times = new Array<number>(8).fill(0);
      const rounds = 800;
      for (let seed = 0; seed < rounds; seed++) {
        for (const position of await strategy.select(tied, 2, createRandom(seed))) times[position]!++;
      }
      // Expected 200 each; 5 standard deviations of a binomial(800, 1/4) are 61.
      assert.ok(Math.min(...times) > 139 && Math.max(...times) < 261, `picked ${times.join(" ")} times`);
    });

    it("takes what is best first, and nothing tied before something better", {
      skip:
        (strategy.needs.length !== 1 ||
          !(makePool(1).signals[strategy.needs[0]!] instanceof Float32Array) ||
          strategy.score === undefined) &&
        "it does not go by one signal",
    }, async () => {
      const scores = Float32Array.of(0.5, 3, 0.5, 2, 0.5, 2);
      const pool = { ...makePool(6), signals: { [strategy.needs[0]!]: scores } };
      for (let seed = 0; seed < 20; seed++) {
        const picks = await strategy.select(pool, 4, createRandom(seed));
        assert.deepEqual(
          Array.from(picks, (position) => scores[position]),
          [3, 2, 2, 0.5],
        );
      }
    });

    it("works without any labelled item", async () => {
      const picks = await strategy.select(makePool(40, 0), 9, createRandom(1));
      assert.equal(new Set(picks).size, 9);
    });

    it("stops when it is aborted, since it takes long on many wide embeddings", { skip: quick(strategy) }, async () => {
      const chosen = strategy.select(widePool, 60, createRandom(0), AbortSignal.abort());
      await assert.rejects(
        chosen,
        (error) => error instanceof InterruptedError && /^stopped while/.test(error.message),
      );
    });

    it("handles a large pool", { skip: quadratic(strategy) && !strategy.name.startsWith("subsample") }, async () => {
      const picks = await strategy.select(largePool, 8, createRandom(3));
      assert.equal(new Set(picks).size, 8);
    });
  });
}
