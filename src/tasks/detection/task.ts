// Object detection with a single-shot detector: the loss of each picture by itself, mean average precision at overlap 0.5,
// and the uncertainty of the kept boxes.
import type { Drawing } from "../../core/drawing.ts";
import type { DetectionLabel } from "../../core/labels.ts";
import { exp, input, logSoftmax, type Node, sliceAxis } from "../../engine/index.ts";
import type { SsdOutputs } from "../../models/box-heads.ts";
import type { ModelBuilder } from "../../nn/builder.ts";
import { type Normalisation, normalisePictures } from "../normalise-pictures.ts";
import type { InferredOutputs, Task } from "../task.ts";
import { boxNodes } from "./box-nodes.ts";
import { boxGradients, boxProbabilities } from "./box-probabilities.ts";
import { type BoxPooling, boxUncertainty } from "./box-uncertainty.ts";
import { type DecodedPicture, type DetectionOutputs, decodeDetections } from "./decode.ts";
import { type Detections, inPixels } from "./detections.ts";
import { meanAveragePrecision } from "./evaluate.ts";
import { multiBoxLoss, multiBoxLosses } from "./multi-box-loss.ts";
import { detectionTargets } from "./targets.ts";
import type { VocRule } from "./voc-ap.ts";

export interface DetectionOptions {
  readonly classes: number;
  readonly normalisation: Normalisation;
  /** Centre form, shares of the input's side; as many and in the order as the net tells them. */
  readonly priors: Float32Array; // [priors, 4]
  readonly net: (builder: ModelBuilder, pictures: Node) => SsdOutputs;
  readonly rule: VocRule;
  readonly pooling: BoxPooling;
}

/** A prediction is boxes in shares of the picture's sides, the surest first. */
export function detectionTask(options: DetectionOptions): Task<DetectionLabel, DecodedPicture> {
  const { classes, normalisation, priors, net, rule, pooling } = options;
  const count = priors.length / 4;
  const decoded = new WeakMap<InferredOutputs, DecodedPicture[]>(); // asked for once by the metric and once by the signals
  const decode = (inferred: InferredOutputs): DecodedPicture[] => {
    const found = decoded.get(inferred) ?? decodeDetections(outputsOf(inferred), priors);
    decoded.set(inferred, found);
    return found;
  };
  return {
    name: "detection",
    metricName: "mAP@0.5",
    forward: (builder, pictures) => {
      const { classLogits, offsets, maps, embedding } = net(builder, normalisePictures(pictures, normalisation));
      return { outputs: { classLogits, offsets }, maps, embedding };
    },
    targetInputs: (batch) => ({
      targetClasses: input("targetClasses", [batch, count], "int32"),
      targetOffsets: input("targetOffsets", [batch, count, 4]),
    }),
    encodeTargets: (labels) => {
      const targets = detectionTargets(priors, labels);
      return { targetClasses: targets.classes, targetOffsets: targets.offsets };
    },
    perItemLoss: ({ classLogits, offsets }, { targetClasses, targetOffsets }) =>
      multiBoxLoss({
        classLogits: classLogits!,
        offsets: offsets!,
        targetClasses: targetClasses!,
        targetOffsets: targetOffsets!,
      }),
    lossOf: (inferred, labels) => multiBoxLosses(outputsOf(inferred), detectionTargets(priors, labels)),
    decode,
    metric: (predictions, labels) => {
      const inPlace = predictions.map((prediction, item) => inPixels(prediction, labels[item]!.size));
      return meanAveragePrecision(inPlace, labels, classes, rule);
    },
    inWords,
    decisions: (prediction) => classesSeen(prediction, classes),
    drawn,
    exported: ({ classLogits, offsets }) => ({
      scores: exp(sliceAxis(logSoftmax(classLogits!), 2, 1, classes + 1)),
      boxes: boxNodes(offsets!, priors),
    }),
    probabilities: (inferred) => {
      const read = boxProbabilities(outputsOf(inferred), decode(inferred));
      return (outputs) => read(outputsOf(outputs));
    },
    scoreGradients: (inferred) => boxGradients(outputsOf(inferred), decode(inferred)),
    uncertainty: (inferred) => boxUncertainty(outputsOf(inferred), decode(inferred), pooling),
  };
}

function outputsOf({ count, outputs }: InferredOutputs): DetectionOutputs {
  const { classLogits, offsets } = outputs;
  return {
    count,
    columns: classLogits!.shape[2]!,
    classLogits: classLogits!.values as Float32Array,
    offsets: offsets!.values as Float32Array,
  };
}

/** Most boxes that are drawn; more would hide the picture. */
const mostDrawn = 20;
const leastDrawnScore = 0.3;

function drawn({ boxes, classes, scores }: Detections): Drawing {
  const shown = [...scores.keys()].filter((i) => scores[i]! >= leastDrawnScore).slice(0, mostDrawn);
  return {
    boxes: shown.map((i) => {
      const [left, top, right, bottom] = Array.from(boxes.subarray(4 * i, 4 * i + 4), rounded);
      return {
        classIndex: classes[i]!,
        score: rounded(scores[i]!),
        left: left!,
        top: top!,
        right: right!,
        bottom: bottom!,
      };
    }),
  };
}

/** To four digits: a drawing needs no more. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}

/** Boxes less sure than this are not worth words, and decide nothing. */
const leastSaidScore = 0.5;

/** [classes]: 1 for a class of which the model sees at least one object, 0 for the others. Where it sees them is not told. */
function classesSeen({ classes, scores }: Detections, count: number): number[] {
  const seen = new Set(classes.filter((_, i) => scores[i]! >= leastSaidScore));
  return Array.from({ length: count }, (_, classIndex) => (seen.has(classIndex) ? 1 : 0));
}

/** `2 x car, 1 x person`, or `nothing`. */
function inWords({ classes, scores }: Detections, classNames: readonly string[]): string {
  const counts = new Map<number, number>();
  classes.forEach((classIndex, i) => {
    if (scores[i]! >= leastSaidScore) counts.set(classIndex, (counts.get(classIndex) ?? 0) + 1);
  });
  const words = [...counts].sort(([a], [b]) => a - b).map(([c, times]) => `${times} x ${classNames[c]!}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}
