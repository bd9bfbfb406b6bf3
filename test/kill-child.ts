// The run that `kill.test.ts` kills: `kill-child.ts <folder> fake|made-up`. Prints a line whenever something has happened.
import type { Dataset } from "../src/datasets/dataset.ts";
import { carryOut } from "../src/experiments/run/carry-out.ts";
import { fakeDataset, fakeLearners, fakeRecipe } from "../src/experiments/run/testing/fake-run.ts";
import type { LearnerFactory } from "../src/experiments/run/work.ts";
import { type Recipe, recipeSchema } from "../src/records/recipe.ts";

const [folder = "", kind = ""] = process.argv.slice(2);
const engine = { name: "onnx", threads: 1 };

/** Small enough for a test, and with everything in it that is kept between cycles: module, averages, warm start, members. */
const smallRecipe = recipeSchema.parse({
  name: "killed",
  dataset: { kind: "made-up", train: 60, test: 12 },
  model: { width: 2 },
  training: { batch: 8, steps: 3, averaging: { decay: 0.5 } },
  labelling: { initial: 12, perCycle: 8, cycles: 3 },
  arms: [
    { name: "learned-loss", strategy: "learned-loss", lossPrediction: true, start: "warm" },
    { name: "bald", strategy: "bald", start: "warm", members: 2 },
  ],
});

/** Data set and learners as they are; loaded only for the run that needs them. */
async function real(): Promise<[Dataset<unknown>, LearnerFactory]> {
  const { openDataset } = await import("../src/datasets/index.ts");
  const { createLearner } = await import("../src/training/learner.ts");
  const factory: LearnerFactory = ({ recipe, seed, training, workFolder }) =>
    createLearner({
      dataset: recipe.dataset,
      dataFolder: null,
      model: recipe.model,
      training,
      seed,
      initialLabels: recipe.labelling.initial,
      engine: { ...engine, precision: "auto" },
      workFolder,
    });
  return [await openDataset(smallRecipe.dataset, { dataFolder: null }), factory];
}

function run(recipe: Recipe, dataset: Dataset<unknown>, learners: LearnerFactory): Promise<unknown> {
  return carryOut(recipe, {
    folder,
    dataset,
    createLearner: learners,
    metric: "accuracy",
    engine: { ...engine, version: "as installed" },
    foreloss: "0.0.0",
    command: "kill-child",
    machine: "none",
    jobs: 2,
    onEvent: ({ kind, arm, seed, cycle }) => console.log(kind, arm, seed, cycle),
  });
}

if (kind === "fake") await run(fakeRecipe(), fakeDataset, fakeLearners({ delayMs: 10 }));
else await run(smallRecipe, ...(await real()));
