// What a learner's checkpoints say of themselves.
import type { Dataset } from "../datasets/dataset.ts";
import type { CheckpointRecord } from "../records/checkpoint.ts";
import type { TaskName } from "../records/recipe-task.ts";
import type { LearnerSpec } from "./learner-spec.ts";

export interface RecordFacts {
  readonly spec: LearnerSpec;
  readonly dataset: Dataset<unknown>;
  readonly task: { readonly name: TaskName };
}

export function checkpointRecord(
  { spec, dataset, task }: RecordFacts,
  progress: CheckpointRecord["progress"],
): CheckpointRecord {
  return {
    version: 1,
    task: task.name,
    model: spec.model,
    classNames: [...dataset.classNames],
    ...skeletonOf(dataset),
    imageSize: dataset.imageSize,
    resize: resizeOf(spec.dataset),
    normalisation: { mean: [...dataset.normalisation.mean], deviation: [...dataset.normalisation.deviation] },
    lossPrediction: spec.training.lossPrediction,
    averaged: spec.training.averaging !== null,
    progress,
  };
}

/** As a checkpoint holds it; nothing for data without joints. */
function skeletonOf({ skeleton }: Dataset<unknown>): Pick<CheckpointRecord, "skeleton"> {
  if (skeleton === undefined) return {};
  const { jointNames, bones, mirrorOf } = skeleton;
  return {
    skeleton: { jointNames: [...jointNames], bones: bones.map(([a, b]) => [a, b]), mirrorOf: [...mirrorOf] },
  };
}

/** How pictures of other sizes were brought to the data set's; what a model is given later has to be brought there alike. */
function resizeOf(dataset: LearnerSpec["dataset"]): CheckpointRecord["resize"] {
  if ("resize" in dataset) return dataset.resize;
  if (dataset.kind === "joints") return "fit"; // a picture without a box is its person's
  return dataset.kind === "boxes" ? "warp" : "crop";
}
