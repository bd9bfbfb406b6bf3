// Items that are labelled together, through whole runs of a learner that is arithmetic.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../core/random.ts";
import { strategyNamed } from "../strategies/index.ts";
import { firstBatchBy, runCycles, type Step } from "./index.ts";
import { drawnOf, fakeLearner, ids, optionsOf, picksOf } from "./testing/fake-run.ts";

/** Groups of one to four items: 0, 1 2, 3 4 5, 6 7 8 9, 10, ... */
const groupNames = new Map(
  ids.map((id, i) => [id, `picture ${Math.floor(i / 10)}-${[0, 1, 1, 2, 2, 2, 3, 3, 3, 3][i % 10]}`]),
);
const groupOf = (id: string) => groupNames.get(id)!;
const largest = 4;
const labelling = { initial: 10, perCycle: 5, cycles: 6, subset: null };

/** All labels after each batch, which must be whole groups. */
function batchesOf(steps: readonly Step<number>[]): string[][] {
  const batches = [drawnOf(steps), ...picksOf(steps).filter((picks) => picks.length > 0)].map((batch) => [...batch]);
  for (const batch of batches) {
    for (const id of batch) {
      const whole = ids.filter((other) => groupOf(other) === groupOf(id));
      assert.deepEqual(
        whole.filter((other) => !batch.includes(other)),
        [],
        `the group of ${id}`,
      );
    }
    assert.equal(new Set(batch).size, batch.length);
  }
  return batches;
}

describe("items of one group", () => {
  for (const name of ["random", "entropy", "core-set", "subsample(20, least-confidence)"]) {
    for (const subset of [null, 20]) {
      it(`are asked for together, and the labels are never more than the budget by a group: ${name}, ${subset}`, async () => {
        for (const seed of [0, 1, 2, 3]) {
          const options = {
            strategy: strategyNamed(name),
            labelling: { ...labelling, subset },
            random: createRandom(seed),
          };
          const { steps, ending } = await runCycles(optionsOf({ ...options, groupOf }));
          assert.equal(ending, "budget spent");
          let labels = 0;
          for (const [i, batch] of batchesOf(steps).entries()) {
            labels += batch.length;
            const budget = labelling.initial + i * labelling.perCycle;
            assert.ok(labels >= budget && labels < budget + largest, `${labels} labels, ${budget} asked for`);
          }
        }
      });
    }
  }

  it("come in the order of the first of them that the strategy picks", async () => {
    const { steps } = await runCycles(optionsOf({ labelling: { ...labelling, cycles: 2 }, groupOf }));
    const entropies = steps.flatMap((step) => (step.kind === "picked" ? step.picks : []));
    const best = new Map<string, number>();
    for (const { item, signals } of entropies) {
      best.set(groupOf(item), Math.max(best.get(groupOf(item)) ?? 0, signals.entropy!));
    }
    const order = [...best.values()];
    assert.deepEqual(
      order,
      order.toSorted((a, b) => b - a),
    );
  });

  it("are in the first batch together, whoever chooses it", async () => {
    const learner = fakeLearner();
    const firstBatch = firstBatchBy({
      ...{ learner, strategy: strategyNamed("core-set"), subset: 15, groupOf },
      ties: () => createRandom(7),
    });
    const { steps } = await runCycles(optionsOf({ learner, firstBatch, labelling, groupOf }));
    const [first] = batchesOf(steps);
    assert.ok(first!.length >= 10 && first!.length < 10 + largest);
  });

  it("are picked alike when a run is taken up again after any of its steps", async () => {
    const checkpoints = new Map<string, string>();
    const saving = fakeLearner({}, checkpoints);
    const append = async ({ kind, cycle }: Step) => (kind === "fitted" ? saving.save(`${cycle}`) : undefined);
    const whole = await runCycles(optionsOf({ learner: saving, labelling, groupOf, journal: { append } }));
    for (let done = 0; done <= whole.steps.length; done++) {
      const history: Step<number>[] = JSON.parse(JSON.stringify(whole.steps.slice(0, done)));
      const learner = fakeLearner({}, checkpoints);
      const fitted = history.findLast((step) => step.kind === "fitted");
      if (fitted !== undefined) await learner.restore(`${fitted.cycle}`);
      assert.deepEqual(
        await runCycles(optionsOf({ learner, labelling, groupOf, history })),
        whole,
        `after ${done} steps`,
      );
    }
  });

  it("end the run with the pool, however the groups fall", async () => {
    const { ending, state } = await runCycles(
      optionsOf({ labelling: { ...labelling, perCycle: 17, cycles: 9 }, groupOf }),
    );
    assert.deepEqual([ending, state.labelled.size], ["pool exhausted", ids.length]);
  });

  it("are refused where one batch could be smaller than a group", async () => {
    await assert.rejects(runCycles(optionsOf({ labelling: { ...labelling, perCycle: 3 }, groupOf })), {
      message: "labelling.perCycle: 3, but picture 0-3 has 4 items, which are labelled together",
      hint: "Make it at least 4.",
    });
  });
});
