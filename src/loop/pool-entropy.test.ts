import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ItemId } from "../core/item.ts";
import type { Signal } from "../core/signals.ts";
import { strategyNamed } from "../strategies/index.ts";
import { cycleRecords, runCycles } from "./index.ts";
import { fakeLearner, optionsOf } from "./testing/fake-run.ts";

/** Entropy of an item is a tenth of its number: 0 to 5.9 over the pool. */
const infer = async (items: readonly ItemId[], signals: readonly Signal[]) =>
  Object.fromEntries(signals.map((name) => [name, Float32Array.from(items, (id) => Number(id.split("/")[1]) / 10)]));

const entropies = async (name: string, entropySample?: number) => {
  const changes = entropySample === undefined ? {} : { entropySample };
  const learner = fakeLearner({ infer });
  const { steps } = await runCycles(optionsOf({ learner, strategy: strategyNamed(name), ...changes }));
  return cycleRecords(steps).map(({ poolEntropy }) => poolEntropy);
};

describe("the entropy of the pool", () => {
  it("is the mean over all candidates where the strategy goes by it, and falls as the unsure ones are labelled", async () => {
    const [first, second, third, last] = await entropies("entropy", 3);
    assert.deepEqual([first!.items, second!.items, third!.items], [50, 45, 40]);
    assert.ok(first!.mean > second!.mean && second!.mean > third!.mean);
    assert.equal(last, undefined);
  });

  it("is the mean over some random candidates where the strategy does not, and not told where none are to be inferred", async () => {
    const sampled = await entropies("random", 20);
    assert.equal(sampled[0]!.items, 20);
    assert.ok(Math.abs(sampled[0]!.mean - 2.95) < 3 * (1.73 / Math.sqrt(20)), `${sampled[0]!.mean}`);
    assert.deepEqual(await entropies("random"), [undefined, undefined, undefined, undefined]);
  });

  it("must be a number", async () => {
    const broken = fakeLearner({
      infer: async (items) => ({ entropy: new Float32Array(items.length).fill(Number.NaN) }),
    });
    const run = runCycles(optionsOf({ learner: broken, strategy: strategyNamed("random"), entropySample: 5 }));
    await assert.rejects(run, /cycle 0, pick: the entropy of the pool is NaN on average/);
  });
});
