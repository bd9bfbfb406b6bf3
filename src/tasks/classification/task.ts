// Image classification: cross-entropy, accuracy, and uncertainty of the class probabilities.
import { input } from "../../engine/index.ts";
import { resnet18 } from "../../models/resnet.ts";
import { crossEntropy } from "../../nn/losses.ts";
import { type Normalisation, normalisePictures } from "../normalise-pictures.ts";
import type { InferredOutputs, Task } from "../task.ts";
import {
  accuracy,
  classificationLosses,
  classProbabilities,
  classUncertainty,
  type Logits,
  predictedClasses,
} from "./probabilities.ts";

export interface ClassificationOptions {
  readonly classes: number;
  readonly width: number;
  /** Share of the embedding that is dropped before the last layer; none unless given. */
  readonly dropout?: number;
  readonly normalisation: Normalisation;
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
    decisions: (prediction) => [prediction],
    probabilities: () => (outputs) => classProbabilities(logitsOf(outputs)),
    metricOfProbabilities: ({ rows, columns, values }, labels) =>
      accuracy(predictedClasses({ count: rows, classes: columns, values }), labels),
    uncertainty: (inferred) => classUncertainty(logitsOf(inferred)),
  };
}

function logitsOf(inferred: InferredOutputs): Logits {
  const tensor = inferred.outputs.logits!;
  return { count: inferred.count, classes: tensor.shape[1]!, values: tensor.values as Float32Array };
}
