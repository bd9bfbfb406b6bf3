// What class probabilities say of an item: its loss, whether it is right, how unsure the model is. Plain arithmetic on
// logits in float64; no engine.
import type { Matrix, Signals } from "../../core/signals.ts";

/** Logits of `count` items, row after row. */
export interface Logits {
  readonly count: number;
  readonly classes: number;
  readonly values: Float32Array; // [count, classes]
}

/** log(softmax) of one row. */
function logProbabilities(logits: Logits, row: number): Float64Array {
  const { classes, values } = logits;
  const result = Float64Array.from(values.subarray(row * classes, (row + 1) * classes));
  const top = result.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = result.reduce((sum, value) => sum + Math.exp(value - top), 0);
  const shift = top + Math.log(total);
  return result.map((value) => value - shift);
}

/** The softmax of each row. */
export function classProbabilities(logits: Logits): Matrix {
  const { count: rows, classes: columns } = logits;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) values.set(logProbabilities(logits, row).map(Math.exp), row * columns);
  return { rows, columns, values };
}

/** Class of each item with the highest logit; the first among equals. */
export function predictedClasses({ count, classes, values }: Logits): number[] {
  return Array.from({ length: count }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (values[row * classes + c]! > values[row * classes + best]!) best = c;
    }
    return best;
  });
}

/** Cross-entropy of each item in nats. */
export function classificationLosses(logits: Logits, labels: readonly number[]): Float32Array {
  return Float32Array.from({ length: logits.count }, (_, row) => -logProbabilities(logits, row)[labels[row]!]!);
}

/** Share of items whose predicted class is their label. */
export function accuracy(predicted: readonly number[], labels: readonly number[]): number {
  const right = predicted.filter((classIndex, item) => classIndex === labels[item]).length;
  return right / predicted.length;
}

/** Entropy in nats, 1 - (p1 - p2) and 1 - p1 of each item: higher is less sure. */
export function classUncertainty(logits: Logits): Pick<Signals, "entropy" | "margin" | "leastConfidence"> {
  const entropy = new Float32Array(logits.count);
  const margin = new Float32Array(logits.count);
  const leastConfidence = new Float32Array(logits.count);
  for (let row = 0; row < logits.count; row++) {
    const logs = logProbabilities(logits, row);
    const [first, second] = topTwo(logs);
    entropy[row] = logs.reduce((sum, log) => (log === Number.NEGATIVE_INFINITY ? sum : sum - Math.exp(log) * log), 0);
    margin[row] = 1 - (Math.exp(first) - Math.exp(second));
    leastConfidence[row] = 1 - Math.exp(first);
  }
  return { entropy, margin, leastConfidence };
}

/** The two highest values; the second is -Infinity when there is only one. */
function topTwo(values: Float64Array): [number, number] {
  let first = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return [first, second];
}
