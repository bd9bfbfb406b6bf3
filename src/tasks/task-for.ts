// From a model and the data it is made for to the task it learns: one literal table, for whoever has to do with any task.
import type { CheckpointRecord } from "../records/checkpoint.ts";
import type { ModelRecipe } from "../records/recipe.ts";
import { classificationTask } from "./classification/task.ts";
import type { Task } from "./task.ts";

/** What a task has to know of its data; a data set says it, and so does a checkpoint. */
export type DataFacts = Pick<CheckpointRecord, "imageSize"> & {
  readonly classNames: readonly string[];
  readonly normalisation: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
};

type Makers = {
  readonly [K in ModelRecipe["kind"]]: (model: Extract<ModelRecipe, { kind: K }>, data: DataFacts) => Task<unknown>;
};

const makers: Makers = {
  resnet18: ({ width }, { classNames, normalisation }) =>
    classificationTask({ classes: classNames.length, width, normalisation }),
};

/** The task of a model. Its labels are those of data sets of the same task, which a recipe's check sees to. */
export function taskFor(model: ModelRecipe, data: DataFacts): Task<unknown> {
  const make = makers[model.kind] as (model: ModelRecipe, data: DataFacts) => Task<unknown>;
  return make(model, data);
}
