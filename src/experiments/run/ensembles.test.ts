// Runs with arms that train several members: what they share, leave and tell, and that they can be stopped anywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "./events.ts";
import { expectedSteps, sharedFirstCycles } from "./portion.ts";
import { fakeLearners, fakeRecipe, withoutTimes } from "./testing/fake-run.ts";
import { inFolder, runIn } from "./testing/run-in.ts";

const recipe = fakeRecipe({
  arms: [
    { name: "random", strategy: "random" },
    { name: "bald", strategy: "bald", members: 3 },
    { name: "votes", strategy: "variation-ratios", members: 3 },
  ],
  seeds: [0],
});

test("arms of as many members share their first cycle, with one of a single model they do not", () => {
  assert.deepEqual(sharedFirstCycles(recipe), [["bald", "votes"]]);
});

test("results say of an arm how many members it has, and of its cycles what they come to together", () =>
  inFolder(async (folder) => {
    const { arms } = await runIn(folder, {}, recipe);
    assert.deepEqual(
      arms.map(({ members, seeds }) => [
        members,
        seeds[0]!.cycles.every((cycle) => cycle.ensembleMetric !== undefined),
      ]),
      [
        [undefined, false],
        [3, true],
        [3, true],
      ],
    );
    const [random, bald] = arms.map(({ seeds }) => seeds[0]!.cycles);
    assert.equal(bald![0]!.metric, random![0]!.metric);
    assert.deepEqual(
      bald![0]!.picks.map(({ signals }) => Object.keys(signals)),
      Array(4).fill(["entropy"]),
    );
  }));

test("a run of ensembles that stops at any thing its learners do ends with the same picks and figures", async () => {
  const counting = (stopAt?: number) => {
    let count = 0;
    const before = () => {
      if (++count === stopAt) throw new Error("stopped");
    };
    return { createLearner: fakeLearners({ before }), count: () => count };
  };
  const whole = counting();
  const expected = await inFolder(async (folder) => withoutTimes(await runIn(folder, whole, recipe)));
  const resumed = (stopAt: number) =>
    inFolder(async (folder) => {
      await assert.rejects(runIn(folder, counting(stopAt), recipe), { message: /stopped$/ });
      assert.deepEqual(withoutTimes(await runIn(folder, {}, recipe)), expected, `stopped at ${stopAt}`);
    });
  await Promise.all(Array.from({ length: whole.count() }, (_, i) => resumed(i + 1)));
});

test("the time left counts every member, and events say how many there are", () =>
  inFolder(async (folder) => {
    const [random, bald] = recipe.arms;
    assert.equal(expectedSteps(recipe, bald!, 1), 3 * expectedSteps(recipe, random!, 1));
    const events: RunEvent[] = [];
    await runIn(folder, { onEvent: (event) => events.push(event) }, recipe);
    const toldFor = (arm: string) => new Set(events.filter((event) => event.arm === arm).map(({ members }) => members));
    assert.deepEqual(
      ["random", "bald", "bald + votes"].map((arm) => [...toldFor(arm)]),
      [[1], [3], [3]],
    );
  }));
