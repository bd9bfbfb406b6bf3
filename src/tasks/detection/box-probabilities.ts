// Class probabilities of a picture with boxes: those of one box, drawn from the kept ones in proportion to the chance that it
// holds an object at all. The same boxes are looked at in every pass with dropout, so that passes can be compared.
import type { Matrix } from "../../core/signals.ts";
import { classProbabilities, type Logits, predictedClasses } from "../classification/probabilities.ts";
import { logitsOf, speakingPriors } from "./box-uncertainty.ts";
import type { DecodedPicture, DetectionOutputs } from "./decode.ts";

/** The priors that speak for a picture, and how much each counts; the weights add up to 1. */
interface Speaking {
  readonly priors: readonly number[];
  readonly weights: Float64Array;
}

/** Finds the boxes in `outputs`; what comes back reads [pictures, background and classes] out of any outputs for the same pictures. */
export function boxProbabilities(
  outputs: DetectionOutputs,
  decoded: readonly DecodedPicture[],
): (outputs: DetectionOutputs) => Matrix {
  const speaking = speakingOf(outputs, decoded);
  return (read) => pooled(read, speaking, (boxes) => classProbabilities(boxes).values);
}

/**
 * [pictures, background and classes]: p - onehot(likeliest) of the same boxes, weighted alike. A picture with two objects of
 * different classes, both told for sure, has a short one, although its pooled probabilities are spread over two classes.
 */
export function boxGradients(outputs: DetectionOutputs, decoded: readonly DecodedPicture[]): Matrix {
  return pooled(outputs, speakingOf(outputs, decoded), (boxes) => {
    const gradients = classProbabilities(boxes).values;
    predictedClasses(boxes).forEach((c, row) => {
      gradients[row * boxes.classes + c]! -= 1;
    });
    return gradients;
  });
}

function speakingOf(outputs: DetectionOutputs, decoded: readonly DecodedPicture[]): Speaking[] {
  return speakingPriors(outputs, decoded).map((priors, picture) => {
    const { columns, values } = classProbabilities(logitsOf(outputs, picture, priors));
    // The classes are added up, since 1 - p(background) is 0 already where they are only small.
    const chances = Float64Array.from(
      priors,
      (_, row) => values.subarray(row * columns + 1, (row + 1) * columns).reduce((a, b) => a + b, 0) + Number.EPSILON,
    );
    const total = chances.reduce((a, b) => a + b);
    return { priors, weights: chances.map((chance) => chance / total) };
  });
}

/** The weighted mean of `figures`, [boxes, columns], over the boxes of each picture. */
function pooled(
  outputs: DetectionOutputs,
  speaking: readonly Speaking[],
  figures: (boxes: Logits) => Float32Array,
): Matrix {
  const { count: rows, columns } = outputs;
  const values = new Float32Array(rows * columns);
  speaking.forEach(({ priors, weights }, picture) => {
    figures(logitsOf(outputs, picture, priors)).forEach((figure, at) => {
      values[picture * columns + (at % columns)]! += weights[Math.floor(at / columns)]! * figure;
    });
  });
  return { rows, columns, values };
}
