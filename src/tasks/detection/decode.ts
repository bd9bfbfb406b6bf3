// From the net's outputs to boxes. Most priors are sure to see background, and a comparison of logits tells so without an
// exponential: only what can pass the threshold costs more. Work over classes is done where candidates are, so that more
// classes cost their share of reading the logits and nothing else.
import { areaOf } from "../../core/boxes.ts";
import { bestFirst } from "./best-first.ts";
import type { Detections } from "./detections.ts";
import { decodeBox } from "./offsets.ts";
import { suppress } from "./suppression.ts";

/** What the net says of some pictures, picture after picture. */
export interface DetectionOutputs {
  readonly count: number;
  /** Background and the classes. */
  readonly columns: number;
  readonly classLogits: Float32Array; // [count, priors, columns]; column 0 is background
  readonly offsets: Float32Array; // [count, priors, 4]
}

export interface DecodeOptions {
  /** Boxes of a class whose probability is not above this are dropped at once. */
  readonly minScore: number;
  /** How many boxes of a class go into the suppression, the surest first. */
  readonly candidates: number;
  /** Overlap above which the less sure of two boxes of a class is dropped. */
  readonly mostOverlap: number;
  /** How many boxes of a picture stay, over all classes. */
  readonly kept: number;
}

/** Those of SSD300 on PASCAL VOC. */
export const ssdDecoding: DecodeOptions = { minScore: 0.01, candidates: 400, mostOverlap: 0.45, kept: 200 };

/** Boxes in shares of the picture's sides, the surest first, with the prior that each came from. */
export interface DecodedPicture extends Detections {
  readonly priors: Uint32Array; // [kept]
}

/** The boxes of each picture. An output that is not finite where it matters is an error that names the prior. */
export function decodeDetections(
  outputs: DetectionOutputs,
  priors: Float32Array,
  options: DecodeOptions = ssdDecoding,
): DecodedPicture[] {
  checkShapes(outputs, priors);
  const perPicture = priors.length / 4;
  return Array.from({ length: outputs.count }, (_, picture) => {
    const [start, end] = [picture * perPicture, (picture + 1) * perPicture];
    const classLogits = outputs.classLogits.subarray(start * outputs.columns, end * outputs.columns);
    const offsets = outputs.offsets.subarray(4 * start, 4 * end);
    return decodePicture({ picture, columns: outputs.columns, classLogits, offsets }, priors, options);
  });
}

function checkShapes({ count, columns, classLogits, offsets }: DetectionOutputs, priors: Float32Array): void {
  const rows = (count * priors.length) / 4;
  if (classLogits.length === rows * columns && offsets.length === 4 * rows) return;
  throw new RangeError(
    `decodeDetections: ${classLogits.length} classLogits and ${offsets.length} offsets; ` +
      `${count} pictures of ${priors.length / 4} priors have ${rows * columns} and ${4 * rows}`,
  );
}

/** The outputs of one picture alone. */
interface PictureOutputs extends Pick<DetectionOutputs, "columns" | "classLogits" | "offsets"> {
  /** Which one, for messages. */
  readonly picture: number;
}

function decodePicture(outputs: PictureOutputs, priors: Float32Array, options: DecodeOptions): DecodedPicture {
  const kept: Kept = { corners: [], classes: [], scores: [], priors: [] };
  candidatesByClass(outputs, options.minScore).forEach((candidates, classIndex) => {
    if (candidates !== undefined) keepOfClass(outputs, priors, classIndex, candidates, options, kept);
  });
  return surest(kept, options.kept);
}

/** What is left of the classes so far, each class from its surest box. */
interface Kept {
  readonly corners: number[];
  readonly classes: number[];
  readonly scores: number[];
  readonly priors: number[];
}

/** Priors that may hold an object of one class. */
interface Candidates {
  readonly priors: number[];
  readonly scores: number[];
}

/** The priors of each class whose probability is above `minScore`; nothing where there are none. */
function candidatesByClass(
  { picture, classLogits, columns }: PictureOutputs,
  minScore: number,
): (Candidates | undefined)[] {
  const found = new Array<Candidates | undefined>(columns - 1).fill(undefined);
  const worth = Math.log(minScore);
  for (let row = 0; row < classLogits.length; row += columns) {
    const end = row + columns;
    let top = Number.NEGATIVE_INFINITY;
    for (let at = row + 1; at < end; at++) top = Math.max(top, classLogits[at]!);
    // A probability is below exp(its logit - background's). Not-a-number goes on, to be found.
    if (top - classLogits[row]! <= worth) continue;
    const total = logSumExp(classLogits, row, end, Math.max(top, classLogits[row]!));
    if (!Number.isFinite(total)) throw notFinite("classLogits", picture, row / columns);
    for (let at = row + 1; at < end; at++) {
      const logProbability = classLogits[at]! - total;
      if (logProbability <= worth) continue;
      found[at - row - 1] ??= { priors: [], scores: [] };
      const candidates = found[at - row - 1]!;
      candidates.priors.push(row / columns);
      candidates.scores.push(Math.exp(logProbability));
    }
  }
  return found;
}

function logSumExp(values: Float32Array, start: number, end: number, top: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) sum += Math.exp(values[at]! - top);
  return top + Math.log(sum);
}

function notFinite(output: string, picture: number, prior: number): RangeError {
  return new RangeError(`decodeDetections: ${output} of picture ${picture}, prior ${prior} are not finite`);
}

/** Adds the boxes of one class that survive the suppression. */
function keepOfClass(
  { picture, offsets }: PictureOutputs,
  priors: Float32Array,
  classIndex: number,
  candidates: Candidates,
  options: DecodeOptions,
  kept: Kept,
): void {
  const scores = Float32Array.from(candidates.scores);
  const order = bestFirst(scores, options.candidates);
  const boxes = new Float32Array(4 * scores.length);
  for (const i of order) {
    const p = candidates.priors[i]!;
    decodeBox(offsets, priors, p, boxes, i);
    if (Number.isNaN(boxes[4 * i]! + boxes[4 * i + 1]! + boxes[4 * i + 2]! + boxes[4 * i + 3]!)) {
      throw notFinite("offsets", picture, p);
    }
  }
  const visible = order.filter((i) => areaOf(boxes, i) > 0);
  for (const i of suppress(boxes, visible, options.mostOverlap)) {
    kept.corners.push(boxes[4 * i]!, boxes[4 * i + 1]!, boxes[4 * i + 2]!, boxes[4 * i + 3]!);
    kept.classes.push(classIndex);
    kept.scores.push(scores[i]!);
    kept.priors.push(candidates.priors[i]!);
  }
}

/** The `most` surest boxes of all classes; of equal ones the lower class first. */
function surest({ corners, classes, scores, priors }: Kept, most: number): DecodedPicture {
  const order = bestFirst(Float32Array.from(scores), most);
  return {
    boxes: Float32Array.from({ length: 4 * order.length }, (_, at) => corners[4 * order[at >> 2]! + (at & 3)]!),
    classes: Int32Array.from(order, (i) => classes[i]!),
    scores: Float32Array.from(order, (i) => scores[i]!),
    priors: Uint32Array.from(order, (i) => priors[i]!),
  };
}
