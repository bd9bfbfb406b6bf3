// How long one training is.
import type { TrainingRecipe } from "../records/recipe-training.ts";

type Length = Pick<TrainingRecipe, "batch" | "epochs" | "steps" | "leastSteps" | "stepsPerLabel">;

/** Steps of one pass over `labels` items. */
export function stepsPerEpoch(labels: number, batch: number): number {
  return Math.ceil(labels / batch);
}

/** Steps of a training on `labels` items when the first cycle had `initialLabels`. */
export function trainingSteps(length: Length, labels: number, initialLabels: number): number {
  const base = length.steps ?? (length.epochs ?? 1) * stepsPerEpoch(labels, length.batch);
  const grown = Math.round(length.stepsPerLabel * Math.max(0, labels - initialLabels));
  return Math.max(length.leastSteps, base + grown);
}
