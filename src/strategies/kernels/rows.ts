// Arithmetic on rows of numbers, the inner loops of every strategy that looks at embeddings. Plain functions over typed
// arrays and row numbers, with no state and nothing allocated, so that compiled code can take their place one by one.
// Sums are in float64.
import type { Matrix } from "../../core/signals.ts";

/**
 * Squared Euclidean distance of row `a` of `left` and row `b` of `right`, or any number from `enough` up when it is not
 * below `enough`. Direct differences: the shorter form with norms and a dot product cancels when two embeddings are
 * close, and cannot be broken off early.
 */
export function squaredDistance(
  left: Float32Array,
  a: number,
  right: Float32Array,
  b: number,
  columns: number,
  enough = Infinity,
): number {
  let i = a * columns;
  let j = b * columns;
  const end = i + columns;
  let sum = 0;
  for (const blocks = end - (columns % 16); i < blocks && sum < enough; i += 16, j += 16) {
    let even = 0;
    let odd = 0;
    for (let k = 0; k < 16; k += 2) {
      const p = left[i + k]! - right[j + k]!;
      const q = left[i + k + 1]! - right[j + k + 1]!;
      even += p * p;
      odd += q * q;
    }
    sum += even + odd;
  }
  if (sum >= enough) return sum;
  for (; i < end; i++, j++) {
    const difference = left[i]! - right[j]!;
    sum += difference * difference;
  }
  return sum;
}

/** Dot product of row `a` of `left` and row `b` of `right`, in four sums so that additions need not wait for each other. */
export function dot(left: Float32Array, a: number, right: Float32Array, b: number, columns: number): number {
  let i = a * columns;
  let j = b * columns;
  const end = i + columns;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (const blocks = end - (columns % 4); i < blocks; i += 4, j += 4) {
    s0 += left[i]! * right[j]!;
    s1 += left[i + 1]! * right[j + 1]!;
    s2 += left[i + 2]! * right[j + 2]!;
    s3 += left[i + 3]! * right[j + 3]!;
  }
  for (; i < end; i++, j++) s0 += left[i]! * right[j]!;
  return s0 + s1 + (s2 + s3);
}

/** [rows]: the squared length of every row. */
export function squaredLengths({ rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => dot(values, row, values, row, columns));
}

/** A copy whose rows have length 1; a row of zeros stays as it is. */
export function unitRows(matrix: Matrix): Matrix {
  const { rows, columns } = matrix;
  const values = matrix.values.slice();
  const lengths = squaredLengths(matrix);
  for (let row = 0; row < rows; row++) {
    const scale = lengths[row]! > 0 ? 1 / Math.sqrt(lengths[row]!) : 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) values[i]! *= scale;
  }
  return { rows, columns, values };
}
