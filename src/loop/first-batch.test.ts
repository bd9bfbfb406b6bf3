import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../core/random.ts";
import { strategyNamed } from "../strategies/index.ts";
import { type FirstBatch, firstBatchBy, runCycles } from "./index.ts";
import { drawnOf, fakeLearner, ids, optionsOf } from "./testing/fake-run.ts";

function by(name: string, learner = fakeLearner(), subset: number | null = null): FirstBatch {
  return firstBatchBy({ learner, strategy: strategyNamed(name), subset, ties: () => createRandom(7, "first") });
}

describe("the first batch", () => {
  for (const name of ["k-means", "typiclust", "core-set", "subsample(30, k-means)", "random"]) {
    it(`is chosen by ${name}, from what the model says before any training, and trained on`, async () => {
      const learner = fakeLearner();
      const { steps } = await runCycles(optionsOf({ learner, firstBatch: by(name, learner) }));
      const drawn = drawnOf(steps);
      assert.equal(new Set(drawn).size, 10);
      assert.deepEqual([...learner.trainings[0]!.keys()], drawn);
      const before = learner.calls.slice(0, learner.calls.indexOf("fit 10"));
      assert.deepEqual(before, name === "random" ? [] : ["infer 60 embedding"]);
    });
  }

  it("differs from the random one, is the same for the same seed, and does not hang on how the pool is listed", async () => {
    const drawn = async (firstBatch?: FirstBatch) => drawnOf((await runCycles(optionsOf({ firstBatch }))).steps);
    const chosen = await drawn(by("core-set"));
    assert.notDeepEqual(chosen, await drawn());
    assert.deepEqual(await drawn(by("core-set")), chosen);
  });

  it("is chosen among a subset where there is one, which must be large enough", async () => {
    const learner = fakeLearner();
    await by("k-means", learner, 20)(ids, 10);
    assert.deepEqual(learner.calls, ["infer 20 embedding"]);
    await assert.rejects(by("k-means", learner, 8)(ids, 10), /labelling.subset: 8 items cannot give the 10 first ones/);
  });

  it("is not left to a strategy that needs a trained model", () => {
    assert.throws(
      () => by("entropy"),
      /strategy "entropy" goes by entropy, which says nothing before the first training/,
    );
    assert.throws(() => by("within-top(2, margin, k-means)"), /goes by margin/);
  });

  it("is refused when it is not what was asked for", async () => {
    const run = (batch: readonly string[]) => runCycles(optionsOf({ firstBatch: async () => batch }));
    await assert.rejects(
      run(ids.slice(0, 9)),
      /cycle 0, draw: first batch: 9 items; it must be 10 different candidates/,
    );
    await assert.rejects(run([...ids.slice(0, 9), ids[0]!]), /"img\/0", which is no candidate or comes twice/);
    await assert.rejects(run([...ids.slice(0, 9), "elsewhere"]), /"elsewhere", which is no candidate/);
  });
});
