// Holds what a model gave for items against their labels. The outputs themselves are let go part by part: those of a
// detection are large.
import type { Task } from "../tasks/task.ts";
import { type InferredPart, joinNumbers } from "./evaluation.ts";

export interface Judged {
  /** What the model says of each item. */
  readonly predictions: readonly unknown[];
  /** The task's metric over all items. */
  readonly metric: number;
  /** True loss of each item. */
  readonly losses: Float32Array;
  /** Loss the module foresaw for each item; null without a module. */
  readonly predictedLosses: Float32Array | null;
}

/** `labelOf` gives the label of the item at a position of the split. */
export async function judge<Label>(
  parts: AsyncIterable<InferredPart>,
  task: Task<Label>,
  labelOf: (position: number) => Label,
): Promise<Judged> {
  const predictions: unknown[] = [];
  const labels: Label[] = [];
  const losses: Float32Array[] = [];
  const foreseen: Float32Array[] = [];
  for await (const part of parts) {
    const own = Array.from(part.positions, labelOf);
    labels.push(...own);
    predictions.push(...task.decode(part));
    losses.push(task.lossOf(part, own));
    const predicted = part.outputs.predictedLoss;
    if (predicted !== undefined) foreseen.push(predicted.values as Float32Array);
  }
  return {
    predictions,
    metric: task.metric(predictions, labels),
    losses: joinNumbers(losses),
    predictedLosses: foreseen.length === 0 ? null : joinNumbers(foreseen),
  };
}
