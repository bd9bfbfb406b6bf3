import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError, stopIfAborted } from "../core/errors.ts";
import { type Strategy, strategyNamed } from "../strategies/index.ts";
import { type Learner, runCycles } from "./index.ts";
import { fakeLearner, optionsOf } from "./testing/fake-run.ts";

describe("an abort", () => {
  it("while the pool is scored reaches the learner, and the choice that is not finished is not kept", async () => {
    const stop = new AbortController();
    const infer: Learner["infer"] = async (_items, _signals, options) => {
      stop.abort();
      stopIfAborted(options?.signal, "in scoring");
      return {};
    };
    const options = optionsOf({ learner: fakeLearner({ infer }), signal: stop.signal });
    await assert.rejects(runCycles(options), (error: Error) => {
      assert.ok(error instanceof InterruptedError);
      assert.equal(error.message, "stopped in scoring");
      return true;
    });
    assert.equal(options.journalled.at(-1)!.kind, "fitted");
  });

  it("while a strategy chooses reaches it, through a wrapper too", async () => {
    for (const name of ["core-set", "subsample(20, core-set)"]) {
      const chosen = strategyNamed(name);
      const stop = new AbortController();
      const strategy: Strategy = {
        ...chosen,
        select: (...values) => {
          stop.abort();
          assert.equal(values[3], stop.signal);
          return chosen.select(...values);
        },
      };
      await assert.rejects(runCycles(optionsOf({ strategy, signal: stop.signal })), InterruptedError);
    }
  });
});
