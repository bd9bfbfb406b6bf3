// For tests: one learner per task, each small enough to be trained in a moment, on pictures drawn from a seed.
import type { LabelledItem } from "../../core/item.ts";
import { type Dataset, openDataset } from "../../datasets/index.ts";
import { parseRecipe } from "../../records/read-recipe.ts";
import type { Recipe } from "../../records/recipe.ts";
import { strategyNamed } from "../../strategies/index.ts";
import type { Trainer } from "../trainer.ts";
import { firstItems, openTrainerOn } from "./open-trainer.ts";

const dropout = { share: 0.5, passes: 4 };
const training = { batch: 16, steps: 6, learningRate: 0.02 };
const labelling = { initial: 20, perCycle: 5, cycles: 2 };

/** What a recipe says of each task, its arms aside. */
export const everyTask = {
  classification: {
    dataset: { kind: "made-up", train: 60, test: 24 },
    model: { width: 2, dropout },
    training,
  },
  detection: {
    task: "detection",
    dataset: { kind: "made-up-boxes", train: 60, test: 24 },
    model: { kind: "ssd-resnet18", width: 2, extraMaps: 1, priorRatios: [], dropout },
    training,
  },
  pose: {
    task: "pose",
    dataset: { kind: "made-up-figures", train: 60, test: 24 },
    model: { kind: "hourglass", width: 4, stacks: 2, depth: 1, dropout },
    training: { ...training, optimiser: "rmsprop", learningRate: 0.005 },
  },
} as const;

export type TaskName = keyof typeof everyTask;
export const taskNames = Object.keys(everyTask) as TaskName[];

/** A recipe of the task whose arms are these strategies, the module trained along with each. */
export function recipeOf(task: TaskName, strategies: readonly string[]): Recipe {
  const arms = strategies.map((strategy) => ({ name: strategy, strategy, lossPrediction: true }));
  return parseRecipe({ name: "every", ...everyTask[task], labelling, arms }, "every", { strategyNamed });
}

export interface TaskTrainer {
  readonly trainer: Trainer;
  readonly dataset: Dataset<unknown>;
  /** The first 20 items with their labels. */
  readonly labelled: readonly LabelledItem[];
}

/** A learner of the recipe; without dropout, or with several members, where that is said. */
export async function openTaskTrainer(recipe: Recipe, withDropout = true, members = 1): Promise<TaskTrainer> {
  const dataset = await openDataset(recipe.dataset, { dataFolder: null });
  const { dropout: dropped, ...rest } = recipe.model;
  const model = withDropout && dropped !== undefined ? recipe.model : rest;
  const parts = { recipe: recipe.dataset, dataset, model, training: { ...recipe.training, members } };
  const trainer = await openTrainerOn({ ...parts, initialLabels: labelling.initial });
  return { trainer, dataset, labelled: firstItems(dataset, labelling.initial) };
}
