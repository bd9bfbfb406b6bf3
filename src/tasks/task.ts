// What a task is: how a model's outputs and an item's label become a loss, a prediction, a metric and signals. Training
// and scoring are the same for every task; they only ask these questions.
import type { Drawing } from "../core/drawing.ts";
import type { Matrix, Signals } from "../core/signals.ts";
import type { Node, Tensor, Values } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import type { TaskName } from "../records/recipe-task.ts";

/** What the forward pass of a model gives. */
export interface Forward {
  /** By name; what the task decodes. First axis is the batch. */
  readonly outputs: Readonly<Record<string, Node>>;
  /** Feature maps for the loss prediction module. */
  readonly maps: readonly Node[];
  /** [batch, dimensions]: where items lie close that the model finds alike. */
  readonly embedding: Node;
}

/** Outputs of some items as they come back from the engine, cut to `count` items. */
export interface InferredOutputs {
  readonly count: number;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** `Prediction` is what a model says of one item: small, while its outputs may be large. */
export interface Task<Label, Prediction = unknown> {
  readonly name: TaskName;
  /** As it stands in results, e.g. `accuracy`. Higher is better. */
  readonly metricName: string;
  /** Bytes [batch, 3, height, width] to outputs. */
  forward(builder: ModelBuilder, pictures: Node): Forward;
  /** Input nodes that carry the labels of a batch. */
  targetInputs(batch: number): Readonly<Record<string, Node>>;
  /** The feeds of those inputs. */
  encodeTargets(labels: readonly Label[]): Record<string, Values>;
  /** [batch]: the loss of each item; it trains the model, and the module foresees it. */
  perItemLoss(outputs: Readonly<Record<string, Node>>, targets: Readonly<Record<string, Node>>): Node;
  /** The same loss computed from inferred outputs. */
  lossOf(inferred: InferredOutputs, labels: readonly Label[]): Float32Array;
  /** Joins what was inferred of pictures and of the same pictures mirrored left to right; absent where once is enough. */
  mergeMirrored?(inferred: InferredOutputs, mirrored: InferredOutputs): InferredOutputs;
  /** What the model says of each item. */
  decode(inferred: InferredOutputs): readonly Prediction[];
  /** The metric over all items together; NaN without items. */
  metric(predictions: readonly Prediction[], labels: readonly Label[]): number;
  /** A prediction in a few words, for tables. */
  inWords(prediction: Prediction, classNames: readonly string[]): string;
  /**
   * A prediction as categories, to see whether two models decide alike: always as many, each a whole number. Absent where a
   * prediction is nothing of the kind.
   */
  decisions?(prediction: Prediction): readonly number[];
  /** A prediction as it is drawn over its picture; absent where there is nothing to draw. */
  drawn?(prediction: Prediction): Drawing;
  /** What other programs are given in place of the outputs; they themselves unless there is something handier. */
  exported?(outputs: Readonly<Record<string, Node>>): Readonly<Record<string, Node>>;
  /**
   * Looks up what there is in each item (kept boxes, peaks of heat maps). What comes back reads class probabilities of just
   * that, pooled over the item, out of the same outputs or those of a pass with dropout: [items, classes], rows adding up to 1.
   */
  probabilities(inferred: InferredOutputs): (outputs: InferredOutputs) => Matrix;
  /**
   * [items, classes]: gradient of the loss with respect to the last layer's scores, the likeliest class taken for the label,
   * pooled over what there is in the item. Absent where it is that of `probabilities`.
   */
  scoreGradients?(inferred: InferredOutputs): Matrix;
  /** The metric of classes told by probabilities alone, [items, classes]; absent where predictions are more than a class. */
  metricOfProbabilities?(probabilities: Matrix, labels: readonly Label[]): number;
  /** Uncertainty signals of each item; `predictedLoss` and `embedding` come from elsewhere. */
  uncertainty(inferred: InferredOutputs): Pick<Signals, "entropy" | "margin" | "leastConfidence">;
}
