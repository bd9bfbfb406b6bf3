// For tests: a learner small enough to be trained in a moment, on pictures drawn from a seed.
import type { LabelledItem } from "../../core/item.ts";
import { openDataset } from "../../datasets/index.ts";
import { datasetSchema } from "../../records/recipe-dataset.ts";
import { modelSchema } from "../../records/recipe-model.ts";
import { trainingSchema } from "../../records/recipe-training.ts";
import type { LearnerSpec } from "../learner-spec.ts";
import type { Trainer } from "../trainer.ts";
import { firstItems, openTrainerOn } from "./open-trainer.ts";

const recipe = datasetSchema.parse({ kind: "made-up", train: 120, test: 60 });
export const dataset = await openDataset(recipe, { dataFolder: null });

export interface SmallTrainer {
  /** What differs from 12 steps with the module and averaged weights. */
  readonly training?: Partial<LearnerSpec["training"]>;
  readonly seed?: number;
  readonly workFolder?: string | null;
  /** Path of start weights. */
  readonly weights?: string;
  /** Items that are measured on in place of the held-out ones. */
  readonly test?: typeof dataset.test;
}

export async function openTrainer(options: SmallTrainer = {}): Promise<Trainer> {
  const { training: change, seed = 1, workFolder = null, weights = null, test = dataset.test } = options;
  const training = trainingSchema.parse({ batch: 32, steps: 12, learningRate: 0.05, averaging: { decay: 0.9 } });
  const model = modelSchema.parse({ width: 4, weights });
  return await openTrainerOn({
    ...{ recipe, dataset: { ...dataset, test }, model, training: { ...training, ...change }, initialLabels: 50 },
    ...{ seed, workFolder },
  });
}

/** The first `count` items with their labels. */
export function labelled(count: number): LabelledItem[] {
  return firstItems(dataset, count);
}
