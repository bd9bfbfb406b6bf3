// From a model and the data it is made for to the task it learns: one literal table, for whoever has to do with any task.
import { ForelossError } from "../core/errors.ts";
import type { Skeleton } from "../core/skeleton.ts";
import type { CheckpointRecord } from "../records/checkpoint.ts";
import type { ModelRecipe } from "../records/recipe-model.ts";
import { classificationTask } from "./classification/task.ts";
import { ssd300AndPriors, ssdResNetAndPriors } from "./detection/nets.ts";
import { detectionTask } from "./detection/task.ts";
import type { Normalisation } from "./normalise-pictures.ts";
import { poseTask } from "./pose/task.ts";
import type { Task } from "./task.ts";

/** What a task has to know of its data; a data set says it, and so does a checkpoint. */
export type DataFacts = Pick<CheckpointRecord, "imageSize"> & {
  /** Of data with joints. */
  readonly skeleton?: Skeleton;
  readonly classNames: readonly string[];
  readonly normalisation: Normalisation;
};

type Makers = {
  readonly [K in ModelRecipe["kind"]]: (model: Extract<ModelRecipe, { kind: K }>, data: DataFacts) => Task<unknown>;
};

const makers: Makers = {
  resnet18: ({ width, dropout }, { classNames, normalisation }) =>
    classificationTask({ classes: classNames.length, width, normalisation, dropout: dropout?.share ?? 0 }),
  "ssd-resnet18": (model, data) =>
    detector(model, data, ssdResNetAndPriors(model, data.classNames.length, data.imageSize)),
  "ssd300-vgg16": (model, data) =>
    detector(model, data, ssd300AndPriors(model, data.classNames.length, data.imageSize)),
  hourglass: pose,
};

function pose(model: Extract<ModelRecipe, { kind: "hourglass" }>, data: DataFacts): Task<unknown> {
  const { skeleton, normalisation, imageSize } = data;
  const { width: channels, stacks, depth, blocks, sigma, metric, entropy, flipTest } = model;
  if (skeleton === undefined) throw new ForelossError(`model "${model.kind}": the data has no joints`);
  const multiple = 4 * 2 ** depth;
  if (imageSize.width % multiple !== 0) {
    throw new ForelossError(
      `model "${model.kind}": crops of ${imageSize.width} px; depth ${depth} needs a multiple of ${multiple}`,
      {
        hint: "Set dataset.sidePx or model.depth in the recipe.",
      },
    );
  }
  const net = { stacks, depth, channels, blocks, dropout: model.dropout?.share ?? 0 };
  return poseTask({ skeleton, sidePx: imageSize.width, normalisation, net, sigma, metric, entropy, flipTest });
}

function detector(
  { averagePrecision: rule, uncertainty: pooling }: Extract<ModelRecipe, { averagePrecision: unknown }>,
  { classNames, normalisation }: DataFacts,
  parts: ReturnType<typeof ssd300AndPriors>,
): Task<unknown> {
  return detectionTask({ classes: classNames.length, normalisation, rule, pooling, ...parts });
}

/**
 * The task of a model. Its labels are those of data sets of the same task, which a recipe's check sees to. Throws a
 * `ForelossError` where the data's pictures do not fit the model.
 */
export function taskFor(model: ModelRecipe, data: DataFacts): Task<unknown> {
  const make = makers[model.kind] as (model: ModelRecipe, data: DataFacts) => Task<unknown>;
  return make(model, data);
}
