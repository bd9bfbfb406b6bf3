// For tests: a learner on a data set that is open already, by the one engine that is everywhere.
import type { LabelledItem } from "../../core/item.ts";
import type { Dataset } from "../../datasets/index.ts";
import { taskFor } from "../../tasks/task-for.ts";
import { openEngine } from "../engines.ts";
import type { LearnerSpec } from "../learner-spec.ts";
import { Trainer } from "../trainer.ts";

export const engine = { name: "onnx", threads: 1, precision: "auto" } as const;

/** What a learner is made of; pictures are drawn, so that there is no folder of them. */
export interface TrainerParts extends Pick<LearnerSpec, "model" | "training" | "initialLabels"> {
  readonly recipe: LearnerSpec["dataset"];
  /** What the recipe opens. */
  readonly dataset: Dataset<unknown>;
  readonly seed?: number;
  readonly workFolder?: string | null;
}

export async function openTrainerOn(parts: TrainerParts): Promise<Trainer> {
  const { recipe, dataset, model, seed = 1, workFolder = null, ...rest } = parts;
  const spec: LearnerSpec = { ...rest, dataset: recipe, dataFolder: null, model, seed, workFolder, engine };
  const backend = await openEngine(engine.name, engine);
  return await Trainer.open({ spec, dataset, task: taskFor(model, dataset), backend });
}

/** The first `count` items that may be chosen, with their labels. */
export function firstItems<Label>({ train }: Dataset<Label>, count: number): LabelledItem<Label>[] {
  return train.ids.slice(0, count).map((id, i) => ({ id, label: train.labels[i]!, cycle: 0 }));
}
