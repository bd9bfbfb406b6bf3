// Everything that makes a learner what it is, as plain data: it crosses to the worker and stands in checkpoints.
import type { Survey } from "../datasets/index.ts";
import type { DatasetRecipe } from "../records/recipe-dataset.ts";
import type { ModelRecipe } from "../records/recipe-model.ts";
import type { LossPredictionRecipe, TrainingRecipe } from "../records/recipe-training.ts";
import type { EngineSpec } from "./engines.ts";

export type LearnerTraining = Omit<TrainingRecipe, "lossPrediction"> & {
  /** The module's settings; null trains none along. */
  readonly lossPrediction: LossPredictionRecipe | null;
  /** Models of an ensemble, the one that everything but their disagreement is about included; left out, that one alone. */
  readonly members?: number;
};

export interface LearnerSpec {
  readonly dataset: DatasetRecipe;
  readonly dataFolder: string | null;
  /** What was found in the data folder when it was opened: the worker does not look at every file again. */
  readonly survey?: Survey | undefined;
  readonly model: ModelRecipe;
  readonly training: LearnerTraining;
  /** Seed of all random streams: initial weights, order, augmentation. */
  readonly seed: number;
  /** Labels of the first cycle; `stepsPerLabel` counts from here. */
  readonly initialLabels: number;
  readonly engine: EngineSpec;
  /** Where the progress of a training is kept, so that a killed one goes on; null keeps none. */
  readonly workFolder: string | null;
}
