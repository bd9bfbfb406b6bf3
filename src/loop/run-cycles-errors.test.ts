import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import { strategyNamed } from "../strategies/index.ts";
import { type Learner, runCycles } from "./index.ts";
import { fakeLearner, optionsOf } from "./testing/fake-run.ts";

describe("errors", () => {
  const failing = (changes: Partial<Learner<number>>) => runCycles(optionsOf({ learner: fakeLearner(changes) }));

  it("of the learner carry the cycle, the phase and their hint", async () => {
    const fit = fakeLearner().fit;
    const diverging = async (...[labelled, options]: Parameters<typeof fit>) => {
      if (options.cycle === 2) throw new ForelossError("loss is NaN at step 7", { hint: "lower the learning rate" });
      return fit(labelled, options);
    };
    await assert.rejects(failing({ fit: diverging }), {
      name: "ForelossError",
      message: "cycle 2, fit: loss is NaN at step 7",
      hint: "lower the learning rate",
    });
  });

  it("that are bugs stay distinguishable and keep their stack", async () => {
    const bug = new TypeError("undefined is not a function");
    await assert.rejects(failing({ infer: () => Promise.reject(bug) }), (error) => {
      assert.ok(error instanceof Error && !(error instanceof ForelossError));
      assert.equal(error.message, "cycle 0, pick: undefined is not a function");
      assert.equal(error.cause, bug);
      return true;
    });
  });

  it("name the item whose signal is not finite", async () => {
    const infer = async (items: readonly ItemId[]) => ({ entropy: new Float32Array(items.length).fill(Number.NaN) });
    await assert.rejects(failing({ infer }), /cycle 0, pick: .*entropy of item "img\/\d+" is NaN/);
  });

  it("name what a strategy needs and no learner infers, before anything is trained", async () => {
    let fitted = false;
    const fit: Learner<number>["fit"] = (...given) => {
      fitted = true;
      return fakeLearner().fit(...given);
    };
    await assert.rejects(
      runCycles(optionsOf({ learner: fakeLearner({ fit }), strategy: strategyNamed("one-per-group(entropy)") })),
      /strategy "one-per-group\(entropy\)": needs group, which no learner infers; give them to `select` yourself/,
    );
    assert.equal(fitted, false);
  });

  it("say when the learner gives too few signals, or a metric that is no number", async () => {
    await assert.rejects(
      failing({ infer: async () => ({ entropy: new Float32Array(3) }) }),
      /3 entries; 50 are needed/,
    );
    const { fit } = fakeLearner();
    const immeasurable = async (...given: Parameters<typeof fit>) => ({ ...(await fit(...given)), metric: Number.NaN });
    await assert.rejects(failing({ fit: immeasurable }), /cycle 0, fit: the learner measured a metric of NaN/);
  });

  it("name a strategy that gives too few positions, one twice, or one beyond the pool", async () => {
    for (const [positions, message] of [
      [[0, 1], /strategy "mine": select gave 2 positions; it must give 5 different positions below 50/],
      [[0, 1, 2, 3, 3], /gave a position twice/],
      [[0, 1, 2, 3, 50], /gave position 50/],
    ] as const) {
      const strategy = { name: "mine", needs: [], select: async () => Uint32Array.from(positions) };
      await assert.rejects(runCycles(optionsOf({ strategy })), message);
    }
  });

  it("of the journal stop the run before the next step", async () => {
    const learner = fakeLearner();
    const journal = { append: () => Promise.reject(new Error("disk full")) };
    await assert.rejects(runCycles(optionsOf({ learner, journal })), /disk full/);
    assert.deepEqual(learner.calls, []);
  });

  it("name a budget that makes no sense", async () => {
    const labelling = { initial: 10, perCycle: 5, cycles: 4, subset: null };
    for (const [change, message] of [
      [{ perCycle: 0 }, /labelling.perCycle: 0; give a whole number from 1/],
      [{ cycles: 1.5 }, /labelling.cycles: 1.5/],
      [{ initial: -1 }, /labelling.initial: -1; give a whole number from 0/],
      [{ subset: 4 }, /labelling.subset: 4 items cannot give 5 picks/],
    ] as const) {
      await assert.rejects(runCycles(optionsOf({ labelling: { ...labelling, ...change } })), message);
    }
  });
});
