// Runs in which all persons of a picture are labelled together.
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { InterruptedError } from "../../core/errors.ts";
import type { Dataset } from "../../datasets/dataset.ts";
import type { Recipe } from "../../records/recipe.ts";
import type { Results } from "../../records/results.ts";
import { comparisonTable } from "../report/comparison-table.ts";
import type { RunEvent } from "./events.ts";
import { fakeDataset, fakeLearners, fakeRecipe, withoutTimes } from "./testing/fake-run.ts";
import { type Changes, inFolder, runIn } from "./testing/run-in.ts";

/** Pictures of one, two and three persons. */
const groups = fakeDataset.train.ids.map((_, i) => `picture ${Math.floor(i / 6)}-${[0, 1, 1, 2, 2, 2][i % 6]}`);
const dataset: Dataset = { ...fakeDataset, train: { ...fakeDataset.train, groups } };
const groupById = new Map(dataset.train.ids.map((id, i) => [id, groups[i]!]));

const recipeOf = (labelling: object = {}) =>
  fakeRecipe({
    task: "pose",
    dataset: { kind: "joints" },
    model: { kind: "hourglass" },
    training: { steps: 10, augmentation: { kind: "persons" } },
    labelling: { initial: 6, perCycle: 4, cycles: 4, subset: 30, wholePictures: true, ...labelling },
  });

const run = (folder: string, changes: Changes = {}, recipe: Recipe = recipeOf()) =>
  runIn(folder, { dataset, ...changes }, recipe);

const chains = ({ arms }: Results) => arms.flatMap(({ name, seeds }) => seeds.map((seed) => ({ name, ...seed })));

for (const initialStrategy of [undefined, "k-means"]) {
  test(`every batch holds whole pictures, and arms are compared at what was asked for; first by ${initialStrategy}`, () =>
    inFolder(async (folder) => {
      const results = await run(folder, {}, recipeOf(initialStrategy === undefined ? {} : { initialStrategy }));
      for (const { name, seed, cycles } of chains(results)) {
        assert.deepEqual(
          cycles.map(({ labelsAsked }) => labelsAsked),
          [6, 10, 14, 18],
        );
        for (const [c, { labels, labelsAsked, picks }] of cycles.entries()) {
          assert.ok(labels >= labelsAsked! && labels < labelsAsked! + 3, `${name} ${seed}: ${labels} labels`);
          if (c > 0) assert.equal(labels, cycles[c - 1]!.labels + cycles[c - 1]!.picks.length);
          const items = picks.map(({ item }) => item);
          const opened = new Set(items.map((item) => groupById.get(item)));
          const whole = dataset.train.ids.filter((id) => opened.has(groupById.get(id)!));
          assert.deepEqual(
            items.toSorted(),
            whole.toSorted(),
            "all persons of a picture, and of each for the first time",
          );
        }
      }
      const { arms, winRates } = results.comparison;
      for (const { curve } of arms) {
        assert.deepEqual(
          curve.map(({ labels }) => labels),
          [6, 10, 14, 18],
        );
      }
      assert.equal(winRates.pairs[0]![1], 2 * 3);
      const different = chains(results).some(({ cycles }) => cycles.some((one) => one.labels > one.labelsAsked!));
      assert.ok(different, "some batch has more than was asked for");
      assert.match(comparisonTable(results), /Pictures are labelled whole: an arm has up to [12] labels? more than/);
    }));
}

test("a run that was stopped after any cycle ends with the same picks and figures", async () => {
  const uninterrupted = await inFolder(async (folder) => withoutTimes(await run(folder)));
  for (const stopAt of [1, 4, 9]) {
    await inFolder(async (folder) => {
      const stop = new AbortController();
      let cycles = 0;
      const onEvent = ({ kind }: RunEvent) => {
        if (kind === "cycle" && ++cycles === stopAt) stop.abort();
      };
      await assert.rejects(run(folder, { signal: stop.signal, onEvent }), InterruptedError);
      assert.deepEqual(withoutTimes(await run(folder)), uninterrupted, `stopped after ${stopAt} cycles`);
    });
  }
});

test("a picture with more persons than a cycle has labels is refused before anything is trained", () =>
  inFolder(async (folder) => {
    const createLearner = fakeLearners({ before: () => assert.fail("a learner is at work") });
    await assert.rejects(run(folder, { createLearner }, recipeOf({ perCycle: 2 })), {
      name: "ForelossError",
      message: "labelling.perCycle: 2, but picture 0-2 has 3 items, which are labelled together",
    });
    await assert.rejects(stat(join(folder, "manifest.json")));
  }));

test("without it, and where every picture is one item, batches are as large as they always were", () =>
  inFolder(async (folder) => {
    const apart = await run(join(folder, "apart"), {}, recipeOf({ wholePictures: false }));
    const alone = await run(join(folder, "alone"), { dataset: fakeDataset });
    const picksOf = (results: Results) => chains(results).map(({ cycles }) => cycles.map(({ picks }) => picks));
    assert.deepEqual(picksOf(apart), picksOf(alone));
    assert.ok(chains(apart).every(({ cycles }) => cycles.every((cycle) => !("labelsAsked" in cycle))));
  }));
