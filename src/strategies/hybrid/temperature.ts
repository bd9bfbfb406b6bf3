// Temperature scaling: probabilities made as sure as they are right (Guo et al. 2017, section 4.2, by the calibration error
// of eq. 3). Probabilities p at temperature T are p^(1/T), scaled to add up to 1, which is softmax(logits / T).
import { ForelossError } from "../../core/errors.ts";
import type { Matrix } from "../../core/signals.ts";
import { likeliestClasses, marginOf } from "../signals/derive.ts";

const bins = 15;
/** 1 to 20 in steps of about 5 %: nets are too sure and hardly ever not sure enough. */
const temperatures = Array.from({ length: 62 }, (_, i) => 1.05 ** i);

/** The temperature in [1, 20) at which the calibration error is least; the lowest of equally good ones. */
export function fitTemperature(probabilities: Matrix, classes: Uint32Array): number {
  if (classes.length !== probabilities.rows) {
    throw new ForelossError(
      `temperature: ${classes.length} classes for ${probabilities.rows} items; give one for each`,
    );
  }
  const correct = Uint8Array.from(likeliestClasses(probabilities), (c, item) => Number(c === classes[item]));
  let best = 1;
  let least = Infinity;
  for (const temperature of temperatures) {
    const error = calibrationError(scaledRows(probabilities, temperature, highestOf), correct);
    if (error < least) {
      best = temperature;
      least = error;
    }
  }
  return best;
}

/** [items]: 1 - (p1 - p2) at a temperature, in [0, 1]. */
export function scaledMargins(probabilities: Matrix, temperature: number): Float64Array {
  return scaledRows(probabilities, temperature, marginOf);
}

/** Expected calibration error: |share right - mean confidence| over 15 bins of confidence, weighted by their items. */
export function calibrationError(confidences: Float64Array, correct: Uint8Array): number {
  const gaps = new Float64Array(bins);
  confidences.forEach((confidence, item) => {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    gaps[bin]! += correct[item]! - confidence;
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / confidences.length;
}

function scaledRows(
  { rows, columns, values }: Matrix,
  temperature: number,
  measure: (row: Float64Array) => number,
): Float64Array {
  const row = new Float64Array(columns);
  return Float64Array.from({ length: rows }, (_, item) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      row[c] = values[item * columns + c]! ** (1 / temperature);
      sum += row[c]!;
    }
    for (let c = 0; c < columns; c++) row[c]! /= sum;
    return measure(row);
  });
}

function highestOf(row: Float64Array): number {
  return row.reduce((highest, p) => Math.max(highest, p), 0);
}
