// What can stand in for a signal that is not given: probabilities give entropy, margin, least confidence and the likeliest
// class, members their mean, probabilities and embedding the two factors of the last layer's gradient.
import type { FactorPair, Matrix, MemberMatrix, PoolSignal, Signals } from "../../core/signals.ts";

type Derivable = "entropy" | "margin" | "leastConfidence" | "probabilities" | "predictedClass" | "gradientFactors";

/** For every signal that can be derived, what it is derived from. */
export const sources: { readonly [S in Derivable]: readonly PoolSignal[] } = {
  entropy: ["probabilities"],
  margin: ["probabilities"],
  leastConfidence: ["probabilities"],
  probabilities: ["memberProbabilities"],
  predictedClass: ["probabilities"],
  gradientFactors: ["probabilities", "embedding"],
};

/** Gives each derivable signal from the signals it is derived from. */
export const derivations: { readonly [S in Derivable]: (from: Required<Signals>) => NonNullable<Signals[S]> } = {
  entropy: ({ probabilities }) => perRow(probabilities, entropyOf),
  margin: ({ probabilities }) => perRow(probabilities, marginOf),
  leastConfidence: ({ probabilities }) => perRow(probabilities, (...row) => 1 - highestOf(...row)),
  probabilities: ({ memberProbabilities }) => meanOfMembers(memberProbabilities),
  predictedClass: ({ probabilities }) => likeliestClasses(probabilities),
  gradientFactors: ({ probabilities, embedding }) => lastLayerFactors(probabilities, embedding),
};

export function isDerivable(signal: PoolSignal): signal is Derivable {
  return Object.hasOwn(sources, signal);
}

/** Entropy in nats of the values from `start`, below `end`; 0 log 0 counts as 0. */
export function entropyOf(values: Float32Array | Float64Array, start = 0, end = values.length): number {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const p = values[i]!;
    if (p > 0) sum -= p * Math.log(p);
  }
  return sum;
}

/** 1 - (p1 - p2) of the two highest from `start`, below `end`; the second of a single class counts as 0. */
export function marginOf(values: Float32Array | Float64Array, start = 0, end = values.length): number {
  let first = 0;
  let second = 0;
  for (let i = start; i < end; i++) {
    const p = values[i]!;
    if (p > first) {
      second = first;
      first = p;
    } else if (p > second) second = p;
  }
  return 1 - (first - second);
}

/** The highest of the values from `start`, below `end`, which are 0 or more. */
export function highestOf(values: Float32Array, start: number, end: number): number {
  let highest = 0;
  for (let i = start; i < end; i++) if (values[i]! > highest) highest = values[i]!;
  return highest;
}

/** One number for every row, which lies in the values from `start`, below `end`. */
export function perRow(
  { rows, columns, values }: Matrix,
  measure: (values: Float32Array, start: number, end: number) => number,
): Float32Array {
  const numbers = new Float32Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = measure(values, row * columns, (row + 1) * columns);
  return numbers;
}

/** Index of the highest probability of each row; of equal ones the first. */
export function likeliestClasses({ rows, columns, values }: Matrix): Uint32Array {
  const classes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let c = 1; c < columns; c++) if (values[row * columns + c]! > values[row * columns + best]!) best = c;
    classes[row] = best;
  }
  return classes;
}

/** [items, classes]: their mean over the members. */
export function meanOfMembers({ members, rows, columns, values }: MemberMatrix): Matrix {
  const mean = new Float32Array(rows * columns);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (let at = i; at < values.length; at += mean.length) sum += values[at]!;
    mean[i] = sum / members;
  }
  return { rows, columns, values: mean };
}

/** Of cross-entropy with the likeliest class as label: (p - onehot) x embedding (Ash et al. 2020). */
export function lastLayerFactors(probabilities: Matrix, embedding: Matrix): FactorPair {
  const values = probabilities.values.slice();
  likeliestClasses(probabilities).forEach((c, row) => {
    values[row * probabilities.columns + c]! -= 1;
  });
  return { left: { ...probabilities, values }, right: embedding };
}
