// Arithmetic on rows of numbers, the inner loops of every strategy that looks at embeddings. Plain functions over typed
// arrays and row numbers, with no state and nothing allocated. Sums are in float64 and in one fixed order: lane j of eight
// adds up the entries j, j + 8, j + 16, ..., then the lanes are added as `sumOf` says. Compiled code keeps to it, so that both
// give the same bits.
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
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (const blocks = end - (columns % 8); i < blocks; ) {
    for (const pause = Math.min(blocks, i + 32); i < pause; i += 8, j += 8) {
      const d0 = left[i]! - right[j]!;
      const d1 = left[i + 1]! - right[j + 1]!;
      const d2 = left[i + 2]! - right[j + 2]!;
      const d3 = left[i + 3]! - right[j + 3]!;
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
      const d4 = left[i + 4]! - right[j + 4]!;
      const d5 = left[i + 5]! - right[j + 5]!;
      const d6 = left[i + 6]! - right[j + 6]!;
      const d7 = left[i + 7]! - right[j + 7]!;
      s4 += d4 * d4;
      s5 += d5 * d5;
      s6 += d6 * d6;
      s7 += d7 * d7;
    }
    const sum = sumOf(s0, s1, s2, s3, s4, s5, s6, s7);
    if (sum >= enough) return sum;
  }
  if (i < end) s0 += (left[i]! - right[j]!) ** 2;
  if (i + 1 < end) s1 += (left[i + 1]! - right[j + 1]!) ** 2;
  if (i + 2 < end) s2 += (left[i + 2]! - right[j + 2]!) ** 2;
  if (i + 3 < end) s3 += (left[i + 3]! - right[j + 3]!) ** 2;
  if (i + 4 < end) s4 += (left[i + 4]! - right[j + 4]!) ** 2;
  if (i + 5 < end) s5 += (left[i + 5]! - right[j + 5]!) ** 2;
  if (i + 6 < end) s6 += (left[i + 6]! - right[j + 6]!) ** 2;
  return sumOf(s0, s1, s2, s3, s4, s5, s6, s7);
}

/** Dot product of row `a` of `left` and row `b` of `right`. */
export function dot(left: Float32Array, a: number, right: Float32Array, b: number, columns: number): number {
  let i = a * columns;
  let j = b * columns;
  const end = i + columns;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (const blocks = end - (columns % 8); i < blocks; i += 8, j += 8) {
    s0 += left[i]! * right[j]!;
    s1 += left[i + 1]! * right[j + 1]!;
    s2 += left[i + 2]! * right[j + 2]!;
    s3 += left[i + 3]! * right[j + 3]!;
    s4 += left[i + 4]! * right[j + 4]!;
    s5 += left[i + 5]! * right[j + 5]!;
    s6 += left[i + 6]! * right[j + 6]!;
    s7 += left[i + 7]! * right[j + 7]!;
  }
  if (i < end) s0 += left[i]! * right[j]!;
  if (i + 1 < end) s1 += left[i + 1]! * right[j + 1]!;
  if (i + 2 < end) s2 += left[i + 2]! * right[j + 2]!;
  if (i + 3 < end) s3 += left[i + 3]! * right[j + 3]!;
  if (i + 4 < end) s4 += left[i + 4]! * right[j + 4]!;
  if (i + 5 < end) s5 += left[i + 5]! * right[j + 5]!;
  if (i + 6 < end) s6 += left[i + 6]! * right[j + 6]!;
  return sumOf(s0, s1, s2, s3, s4, s5, s6, s7);
}

function sumOf(s0: number, s1: number, s2: number, s3: number, s4: number, s5: number, s6: number, s7: number): number {
  return s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
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
