import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ItemId } from "../core/item.ts";
import { strategyNamed } from "../strategies/index.ts";
import { createPoolState, cycleRecords, knownLabels, type Oracle, runCycles } from "./index.ts";
import { answering, fakeLearner, ids, labels, optionsOf, picksOf } from "./testing/fake-run.ts";

describe("answers", () => {
  it("that change an earlier label are trained on from the next cycle", async () => {
    let changed: ItemId | undefined;
    const correcting: Oracle<number> = {
      ask: async (asked, question) => {
        changed ??= asked[0];
        const answers = await knownLabels(labels).ask(asked, question);
        return question.cycle === 2 ? [...answers, { kind: "relabel", id: changed!, label: 99 }] : answers;
      },
    };
    const learner = fakeLearner();
    const { state } = await runCycles(optionsOf({ learner, oracle: correcting }));
    assert.deepEqual(
      learner.trainings.map((training) => training.get(changed!) === 99),
      [false, false, true, true],
    );
    assert.equal(state.labelled.get(changed!)!.cycle, 0);
  });

  it("that ignore an item take it away for good, labelled or not", async () => {
    const ignored: ItemId[] = [];
    const oracle = answering((answer, cycle) => {
      if (cycle !== 1 || ignored.length === 2) return [answer];
      ignored.push(answer.id);
      return [{ kind: "ignore", id: answer.id }];
    });
    const learner = fakeLearner();
    const { state, steps } = await runCycles(optionsOf({ learner, oracle }));
    assert.deepEqual([...state.ignored], ignored);
    assert.deepEqual(
      cycleRecords(steps).map((record) => record.labels),
      [10, 13, 18, 23],
    );
    assert.equal(
      picksOf(steps)
        .flat()
        .filter((id) => ignored.includes(id)).length,
      2,
      "asked for once each",
    );
    assert.ok(learner.trainings.every((training) => ignored.every((id) => !training.has(id))));
  });

  it("that restore an item put it back into the pool", async () => {
    const oracle: Oracle<number> = {
      ask: async (asked, question) => {
        const answers = await knownLabels(labels).ask(asked, question);
        return question.cycle === 1 ? [...answers, { kind: "restore", id: "img/59" }] : answers;
      },
    };
    const pool = ids.slice(0, 59);
    const { state } = await runCycles(optionsOf({ oracle, state: createPoolState({ pool, ignored: ["img/59"] }) }));
    assert.equal(state.ignored.size, 0);
    assert.ok(state.pool.has("img/59") || state.labelled.has("img/59"));
  });

  it("that leave an item out keep it in the pool, and the run goes on with fewer labels", async () => {
    const skipped: ItemId[] = [];
    const oracle = answering((answer, cycle) => {
      if (cycle !== 1 || skipped.length > 0) return [answer];
      skipped.push(answer.id);
      return [];
    });
    const { state, steps } = await runCycles(optionsOf({ oracle, strategy: strategyNamed("random") }));
    assert.equal(state.labelled.size, 24);
    assert.deepEqual(
      cycleRecords(steps).map((record) => record.labels),
      [10, 14, 19, 24],
    );
    const [id] = skipped;
    assert.ok(state.pool.has(id!) || picksOf(steps).slice(1).flat().includes(id!));
  });

  it("that do not come at all end the run instead of training the same again", async () => {
    const learner = fakeLearner();
    const oracle = answering((answer, cycle) => (cycle === 2 ? [] : [answer]));
    const { ending } = await runCycles(optionsOf({ learner, oracle }));
    assert.equal(ending, "no answers");
    assert.deepEqual(
      learner.calls.filter((call) => call.startsWith("fit")),
      ["fit 10", "fit 15"],
    );
  });

  it("are refused when an item comes twice or was not asked for, and nothing of them is kept", async () => {
    const refused = async (oracle: Oracle<number>, message: RegExp) => {
      const options = optionsOf({ oracle });
      await assert.rejects(runCycles(options), message);
      assert.deepEqual(
        options.journalled.map((step) => step.kind),
        ["drawn"],
      );
    };
    await refused(
      answering((answer) => [answer, answer]),
      /cycle 0, answers: item "img\/\d+" is answered twice/,
    );
    await refused(
      answering((answer) => [{ ...answer, id: `${answer.id}?` }]),
      /cycle 0, answers: item "img\/\d+\?" was not asked for/,
    );
    await refused(
      answering((answer) => [{ kind: "relabel", id: answer.id, label: 1 }]),
      /is in the pool; give a labelled item/,
    );
  });

  it("are refused by the benchmark's oracle for an item without a known label", async () => {
    await assert.rejects(
      runCycles(optionsOf({ oracle: knownLabels(new Map([["img/1", 1]])) })),
      /cycle 0, answer: oracle: item "img\/\d+" has no known label/,
    );
  });
});
