// Whether rows of numbers are class probabilities: none below 0, and they add up to 1.

/** How far from 1 probabilities may add up: float16 and many classes cost digits. */
export const sumTolerance = 1e-3;

/** The first of the rows, of `columns` numbers each, that is none, be it for a number that is not finite; -1 when all are. */
export function firstNotProbabilities(values: Float32Array, columns: number): number {
  for (let start = 0; start < values.length; start += columns) {
    let sum = 0;
    let least = 0;
    for (let i = start; i < start + columns; i++) {
      const value = values[i]!;
      sum += value;
      if (value < least) least = value;
    }
    if (!(least >= 0 && Math.abs(sum - 1) <= sumTolerance)) return start / columns;
  }
  return -1;
}
