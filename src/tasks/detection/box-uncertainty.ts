// How unsure a detector is of a picture: the uncertainty of the class probabilities (background among them) of every box
// that is kept, brought together over the boxes.
import type { Signals } from "../../core/signals.ts";
import { classUncertainty, type Logits } from "../classification/probabilities.ts";
import type { DecodedPicture, DetectionOutputs } from "./decode.ts";

/** `mean`: a picture is as unsure as its boxes usually are; `max`: as the most unsure of them. */
export type BoxPooling = "mean" | "max";

type Uncertainty = Required<Pick<Signals, "entropy" | "margin" | "leastConfidence">>;

/**
 * Entropy in nats, 1 - (p1 - p2) and 1 - p1 of each picture over its kept boxes. A box kept for several classes counts
 * once, as it has one set of probabilities. A picture without kept boxes has the figures of the one prior that is least
 * sure to see background: low ones as a rule, and still in an order.
 */
export function boxUncertainty(
  outputs: DetectionOutputs,
  decoded: readonly DecodedPicture[],
  pooling: BoxPooling,
): Uncertainty {
  const entropy = new Float32Array(outputs.count);
  const margin = new Float32Array(outputs.count);
  const leastConfidence = new Float32Array(outputs.count);
  const pool = pooling === "mean" ? meanOf : maxOf;
  speakingPriors(outputs, decoded).forEach((speaking, picture) => {
    const boxes = classUncertainty(logitsOf(outputs, picture, speaking));
    entropy[picture] = pool(boxes.entropy!);
    margin[picture] = pool(boxes.margin!);
    leastConfidence[picture] = pool(boxes.leastConfidence!);
  });
  return { entropy, margin, leastConfidence };
}

/** The priors that speak for each picture: those of its kept boxes, each once, or the one least sure to see background. */
export function speakingPriors(outputs: DetectionOutputs, decoded: readonly DecodedPicture[]): (readonly number[])[] {
  return decoded.map(({ priors }, picture) =>
    priors.length > 0 ? [...new Set(priors)] : [leastBackground(outputs, picture)],
  );
}

function meanOf(figures: Float32Array): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

function maxOf(figures: Float32Array): number {
  return figures.reduce((a, b) => Math.max(a, b));
}

/** The logits of some priors of a picture. */
export function logitsOf(
  { count, columns, classLogits }: DetectionOutputs,
  picture: number,
  priors: readonly number[],
): Logits {
  const perPicture = classLogits.length / count;
  const values = new Float32Array(priors.length * columns);
  priors.forEach((prior, row) => {
    const start = picture * perPicture + prior * columns;
    values.set(classLogits.subarray(start, start + columns), row * columns);
  });
  return { count: priors.length, classes: columns, values };
}

/** The prior with the lowest probability of background; the first among equals. */
function leastBackground({ count, columns, classLogits }: DetectionOutputs, picture: number): number {
  const perPicture = classLogits.length / count;
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < perPicture; start += columns) {
    const row = picture * perPicture + start;
    let odds = 0;
    for (let at = row + 1; at < row + columns; at++) odds += Math.exp(classLogits[at]! - classLogits[row]!);
    if (odds <= highest) continue;
    highest = odds;
    best = start / columns;
  }
  return best;
}
