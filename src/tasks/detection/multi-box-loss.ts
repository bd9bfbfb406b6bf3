// The loss of a single-shot detector for each picture by itself (Liu et al., "SSD", 2016, eq. 1 to 3): cross-entropy over the
// priors that hold an object and over the hardest of the others, and smooth L1 over the offsets of those that hold one, all
// divided by how many those are. The paper divides by the count of the whole batch; a loss per picture is what can be
// foreseen of it. It is there twice: in the graph, where it is trained, and in float64 on what inference gave.
import {
  add,
  cast,
  div,
  equal,
  greater,
  less,
  logSoftmax,
  maximum,
  mul,
  type Node,
  neg,
  oneHot,
  rank,
  reshape,
  scalar,
  select,
  square,
  sub,
  sum,
} from "../../engine/index.ts";
import { bestFirst } from "./best-first.ts";
import type { DetectionOutputs } from "./decode.ts";
import type { DetectionTargets } from "./targets.ts";

/** Background priors that count for every prior with an object; a picture without objects counts as one with one prior. */
const negativesPerMatch = 3;

export interface MultiBoxNodes {
  readonly classLogits: Node; // [batch, priors, classes + 1]
  readonly offsets: Node; // [batch, priors, 4]
  /** int32: 0 background, 1 + class index, -1 ignored. */
  readonly targetClasses: Node; // [batch, priors]
  readonly targetOffsets: Node; // [batch, priors, 4]
}

/** [batch]: the loss of each picture. Which background priors are hardest is a constant for the gradient. */
export function multiBoxLoss({ classLogits, offsets, targetClasses, targetOffsets }: MultiBoxNodes): Node {
  const background = equalTo(targetClasses, 0);
  const matched = cast(greater(cast(targetClasses, "float32"), 0), "float32");
  const matches = maximum(sum(matched, { axes: [1], keepDims: true }), 1); // [batch, 1]
  const chosen = mul(oneHot(targetClasses, classLogits.shape[2]!), logSoftmax(classLogits));
  const losses = neg(sum(chosen, { axes: [2] })); // [batch, priors]; 0 where ignored
  const hardest = rank(select(background, losses, -1));
  const counted = add(matched, mul(cast(background, "float32"), below(hardest, mul(matches, negativesPerMatch))));
  const distances = mul(sum(smoothL1(sub(offsets, targetOffsets)), { axes: [2] }), matched);
  return div(sum(add(mul(losses, counted), distances), { axes: [1] }), reshape(matches, [-1]));
}

function equalTo(x: Node, value: number): Node {
  return equal(x, cast(scalar(value), "int32"));
}

function below(x: Node, limit: Node): Node {
  return cast(less(x, limit), "float32");
}

/** x^2 / 2 where |x| < 1, else |x| - 1/2 (Girshick, "Fast R-CNN", 2015, eq. 3). */
function smoothL1(x: Node): Node {
  const length = maximum(x, neg(x));
  return select(less(length, 1), mul(square(x), 0.5), sub(length, 0.5));
}

/** The same from what inference gave. */
export function multiBoxLosses(outputs: DetectionOutputs, targets: DetectionTargets): Float32Array {
  return Float32Array.from({ length: outputs.count }, (_, picture) => lossOfPicture(outputs, targets, picture));
}

function lossOfPicture(outputs: DetectionOutputs, targets: DetectionTargets, picture: number): number {
  const { columns, classLogits, offsets } = outputs;
  const priors = classLogits.length / outputs.count / columns;
  const hard = new Float32Array(priors).fill(-1);
  let matches = 0;
  let total = 0;
  for (let p = picture * priors; p < (picture + 1) * priors; p++) {
    const target = targets.classes[p]!;
    if (target < 0) continue;
    const loss = crossEntropyAt(classLogits, p * columns, columns, target);
    if (target === 0) hard[p - picture * priors] = loss;
    else {
      matches++;
      total += loss + distanceAt(offsets, targets.offsets, 4 * p);
    }
  }
  const divisor = Math.max(1, matches);
  for (const p of bestFirst(hard, negativesPerMatch * divisor)) total += Math.max(0, hard[p]!);
  return total / divisor;
}

/** Cross-entropy in nats of the row of logits that begins at `start`. */
function crossEntropyAt(logits: Float32Array, start: number, columns: number, target: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = start; c < start + columns; c++) top = Math.max(top, logits[c]!);
  let total = 0;
  for (let c = start; c < start + columns; c++) total += Math.exp(logits[c]! - top);
  return top + Math.log(total) - logits[start + target]!;
}

/** Smooth L1 over the four offsets that begin at `at`. */
function distanceAt(offsets: Float32Array, targets: Float32Array, at: number): number {
  let total = 0;
  for (let i = at; i < at + 4; i++) {
    const length = Math.abs(offsets[i]! - targets[i]!);
    total += length < 1 ? length ** 2 / 2 : length - 0.5;
  }
  return total;
}
