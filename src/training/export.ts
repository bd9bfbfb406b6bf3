// Trained weights for other programs: one ONNX file that takes bytes and gives named outputs, or safetensors with
// torchvision's names.
import { lowerProgram } from "../engine/backends/onnx/lower.ts";
import { program, type StateEntry } from "../engine/index.ts";
import { averagePrefix, momentumPrefix } from "../nn/optimiser.ts";
import { encodeSafetensors } from "../nn/safetensors.ts";
import { taskFor } from "../tasks/task-for.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint-file.ts";
import { inferProgram } from "./programs.ts";

/** The weights to infer with, by plain name: the averaged ones where there are any. */
function inferenceWeights({ record, entries }: Checkpoint): Map<string, StateEntry> {
  const wanted = [...entries].filter(
    ([name]) => !name.startsWith(momentumPrefix) && name.startsWith(averagePrefix) === record.averaged,
  );
  return new Map(wanted.map(([name, entry]) => [record.averaged ? name.slice(averagePrefix.length) : name, entry]));
}

/**
 * A checkpoint as ONNX. Input `pictures`: uint8 [batch, channels, height, width], red green blue, 0..255; normalisation is
 * inside. Outputs: the task's (`logits` [batch, classes]; of a detector `boxes` [batch, priors, 4] as left, top, right,
 * bottom in shares of the sides and `scores` [batch, priors, classes], before suppression), `embedding` [batch, dimensions], and `predicted_loss` [batch] where the module
 * was trained along; of a pose net `heatMaps` [batch, joints, side / 4, side / 4]. Names of classes and joints stand in the metadata.
 */
export async function exportOnnx(path: string): Promise<Uint8Array> {
  const checkpoint = await readCheckpoint(path);
  const { model, imageSize, lossPrediction } = checkpoint.record;
  const task = taskFor(model, checkpoint.record);
  const withModule = lossPrediction !== null;
  const { outputs } = inferProgram({ task, picture: imageSize, batch: 1, withModule, averaged: false });
  const { embedding, predictedLoss, ...own } = Object.fromEntries(outputs);
  const portable = program({
    name: "foreloss",
    outputs: {
      ...(task.exported?.(own) ?? own),
      embedding: embedding!,
      ...(predictedLoss === undefined ? {} : { predicted_loss: predictedLoss }),
    },
  });
  return lowerProgram(portable, {
    frozen: inferenceWeights(checkpoint),
    portable: true,
    metadata: { ...namesOf(checkpoint.record), task: checkpoint.record.task },
  }).model;
}

/** A checkpoint's inference weights as safetensors bytes: torchvision's names, the module's under `loss_prediction.`. */
export async function exportSafetensors(path: string): Promise<Uint8Array> {
  const checkpoint = await readCheckpoint(path);
  return encodeSafetensors(inferenceWeights(checkpoint), namesOf(checkpoint.record));
}

/** Names of classes and, where there are any, of joints, for the metadata. */
function namesOf({ classNames, skeleton }: Checkpoint["record"]): Record<string, string> {
  const joints = skeleton === undefined ? {} : { joint_names: JSON.stringify(skeleton.jointNames) };
  return { class_names: JSON.stringify(classNames), ...joints };
}
