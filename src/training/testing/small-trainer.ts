// For tests: a learner small enough to be trained in a moment, on pictures drawn from a seed.
import type { LabelledItem } from "../../core/item.ts";
import { openDataset } from "../../datasets/index.ts";
import { datasetSchema, modelSchema, trainingSchema } from "../../records/recipe.ts";
import { taskFor } from "../../tasks/task-for.ts";
import { openEngine } from "../engines.ts";
import type { LearnerSpec } from "../learner-spec.ts";
import { Trainer } from "../trainer.ts";

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
  const spec: LearnerSpec = {
    dataset: recipe,
    dataFolder: null,
    model,
    training: { ...training, ...change },
    seed,
    initialLabels: 50,
    engine: { name: "onnx", threads: 1, precision: "auto" },
    workFolder,
  };
  const backend = await openEngine("onnx", spec.engine);
  return await Trainer.open({ spec, dataset: { ...dataset, test }, task: taskFor(model, dataset), backend });
}

/** The first `count` items with their labels. */
export function labelled(count: number): LabelledItem[] {
  return Array.from({ length: count }, (_, i) => ({
    id: dataset.train.ids[i]!,
    label: dataset.train.labels[i]!,
    cycle: 0,
  }));
}
