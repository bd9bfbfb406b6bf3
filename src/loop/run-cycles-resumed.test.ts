import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError } from "../core/errors.ts";
import { strategyNamed } from "../strategies/index.ts";
import { knownLabels, type Oracle, runCycles, type Step } from "./index.ts";
import { fakeLearner, labels, optionsOf } from "./testing/fake-run.ts";

describe("a run that is taken up again", () => {
  for (const name of ["random", "entropy", "core-set", "subsample(20, least-confidence)"]) {
    it(`makes the same picks after each of its steps: ${name}`, async () => {
      const strategy = strategyNamed(name);
      const labelling = { initial: 10, perCycle: 5, cycles: 4, subset: 30 };
      const checkpoints = new Map<string, string>();
      const saving = fakeLearner({}, checkpoints);
      const append = async ({ kind, cycle }: Step) => (kind === "fitted" ? saving.save(`${cycle}`) : undefined);
      const whole = await runCycles(optionsOf({ learner: saving, strategy, labelling, journal: { append } }));
      for (let done = 0; done <= whole.steps.length; done++) {
        const history: Step<number>[] = JSON.parse(JSON.stringify(whole.steps.slice(0, done)));
        const learner = fakeLearner({}, checkpoints);
        const fitted = history.findLast((step) => step.kind === "fitted");
        if (fitted !== undefined) await learner.restore(`${fitted.cycle}`);
        const options = optionsOf({ learner, strategy, labelling, history });
        const resumed = await runCycles(options);
        assert.deepEqual(resumed, whole, `after ${done} steps`);
        assert.deepEqual(options.journalled, whole.steps.slice(done), `only new steps are kept, after ${done}`);
      }
    });
  }

  it("refuses steps that are out of order", async () => {
    const { steps } = await runCycles(optionsOf());
    const history = [...steps.slice(0, 3), ...steps.slice(4)];
    await assert.rejects(
      runCycles(optionsOf({ history })),
      /"answered" of cycle 1 cannot follow; "pick" of cycle 0 is next/,
    );
  });

  it("stops before the next step when it is told to, and keeps what was finished", async () => {
    const whole = await runCycles(optionsOf());
    for (let stopAfter = 0; stopAfter < whole.steps.length; stopAfter++) {
      const controller = new AbortController();
      const kept: Step<number>[] = [];
      if (stopAfter === 0) controller.abort();
      const append = async (step: Step<number>) => {
        kept.push(step);
        if (kept.length === stopAfter) controller.abort();
      };
      const run = runCycles(optionsOf({ journal: { append }, signal: controller.signal }));
      if (stopAfter === whole.steps.length) await run;
      else await assert.rejects(run, InterruptedError);
      assert.deepEqual(kept, whole.steps.slice(0, stopAfter));
    }
  });

  it("hands the abort signal to the learner and the oracle, and lets their interruption through", async () => {
    const { signal } = new AbortController();
    const learner = fakeLearner({
      fit: async (_, options) => {
        assert.equal(options.signal, signal);
        throw new InterruptedError("in the middle of the training");
      },
    });
    let asked: AbortSignal | undefined;
    const known = knownLabels(labels);
    const oracle: Oracle<number> = {
      ask: (items, question) => {
        asked = question.signal;
        return known.ask(items, question);
      },
    };
    await assert.rejects(runCycles(optionsOf({ learner, oracle, signal })), {
      name: "InterruptedError",
      message: "in the middle of the training",
    });
    assert.equal(asked, signal);
  });
});
