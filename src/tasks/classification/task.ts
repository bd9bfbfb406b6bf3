// Image classification: cross-entropy, accuracy, and uncertainty of the class probabilities.
import { add, cast, constant, input, mul, type Node } from "../../engine/index.ts";
import { resnet18 } from "../../models/resnet.ts";
import { crossEntropy } from "../../nn/losses.ts";
import type { InferredOutputs, Task } from "../task.ts";
import { accuracy, classificationLosses, classUncertainty, type Logits, predictedClasses } from "./probabilities.ts";

export interface ClassificationOptions {
  readonly classes: number;
  readonly width: number;
  /** Per-channel mean and standard deviation of pictures in [0, 1]. */
  readonly normalisation: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

/** A label is a class index, and so is a prediction. */
export function classificationTask(options: ClassificationOptions): Task<number, number> {
  return {
    name: "classification",
    metricName: "accuracy",
    forward: (builder, pictures) => {
      const { logits, embedding, maps } = resnet18(
        builder,
        normalisePictures(pictures, options.normalisation),
        options,
      );
      return { outputs: { logits }, maps, embedding };
    },
    targetInputs: (batch) => ({ labels: input("labels", [batch], "int32") }),
    encodeTargets: (labels) => ({ labels: Int32Array.from(labels) }),
    perItemLoss: (outputs, targets) => crossEntropy(outputs.logits!, targets.labels!),
    lossOf: (inferred, labels) => classificationLosses(logitsOf(inferred), labels),
    decode: (inferred) => predictedClasses(logitsOf(inferred)),
    metric: accuracy,
    inWords: (prediction, classNames) => classNames[prediction]!,
    uncertainty: (inferred) => classUncertainty(logitsOf(inferred)),
  };
}

function logitsOf(inferred: InferredOutputs): Logits {
  const tensor = inferred.outputs.logits!;
  return { count: inferred.count, classes: tensor.shape[1]!, values: tensor.values as Float32Array };
}

/** Bytes 0..255 to (x / 255 - mean) / deviation per channel. */
export function normalisePictures(pictures: Node, normalisation: ClassificationOptions["normalisation"]): Node {
  const { mean, deviation } = normalisation;
  const perChannel = (values: readonly number[]) => constant(Float32Array.from(values), [1, values.length, 1, 1]);
  const scale = perChannel(deviation.map((d) => 1 / (255 * d)));
  const shift = perChannel(mean.map((m, i) => -m / deviation[i]!));
  return add(mul(cast(pictures, "float32"), scale), shift);
}
