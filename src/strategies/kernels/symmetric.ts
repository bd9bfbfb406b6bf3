// Arithmetic with symmetric matrices in float64, [size, size], row after row.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "./pace.ts";

/** A copy of one row in float64. */
export function rowOf({ columns, values }: Matrix, row: number): Float64Array {
  return Float64Array.from(values.subarray(row * columns, (row + 1) * columns));
}

/** The matrix times a vector. */
export function times(square: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const result = new Float64Array(size);
  for (let a = 0; a < size; a++) result[a] = partialDot(square, a * size, vector, 0, size);
  return result;
}

/** v^T S v, from the lower half of S. */
export function quadraticForm(square: Float64Array, vector: Float64Array): number {
  const size = vector.length;
  let sum = 0;
  for (let a = 0; a < size; a++) {
    sum += vector[a]! * (2 * partialDot(square, a * size, vector, 0, a) + square[a * size + a]! * vector[a]!);
  }
  return sum;
}

/** The product of a matrix and a symmetric one. */
export async function product(
  left: Float64Array,
  right: Float64Array,
  size: number,
  pace: Pace,
): Promise<Float64Array> {
  const result = new Float64Array(size ** 2);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) result[a * size + b] = partialDot(left, a * size, right, b * size, size);
    if (pace.did(size ** 2)) await pace.pause();
  }
  return result;
}

/** The mean of v v^T over all rows of the matrices. */
export async function meanOfSquares(matrices: readonly Matrix[], pace: Pace): Promise<Float64Array> {
  const size = matrices[0]!.columns;
  const sum = new Float64Array(size ** 2);
  for (const matrix of matrices) {
    for (let row = 0; row < matrix.rows; row++) {
      addLowerHalf(sum, rowOf(matrix, row));
      if (pace.did(size ** 2 / 2)) await pace.pause();
    }
  }
  const count = matrices.reduce((rows, matrix) => rows + matrix.rows, 0);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      sum[a * size + b]! /= count;
      sum[b * size + a] = sum[a * size + b]!;
    }
  }
  return sum;
}

function addLowerHalf(sum: Float64Array, vector: Float64Array): void {
  for (let a = 0; a < vector.length; a++) {
    const value = vector[a]!;
    if (value === 0) continue;
    for (let b = 0; b <= a; b++) sum[a * vector.length + b]! += value * vector[b]!;
  }
}

/** Dot product of `length` numbers from `i` and from `j` on, in four sums so that additions need not wait for each other. */
function partialDot(left: Float64Array, i: number, right: Float64Array, j: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += left[i + k]! * right[j + k]!;
    s1 += left[i + k + 1]! * right[j + k + 1]!;
    s2 += left[i + k + 2]! * right[j + k + 2]!;
    s3 += left[i + k + 3]! * right[j + k + 3]!;
  }
  for (; k < length; k++) s0 += left[i + k]! * right[j + k]!;
  return s0 + s1 + (s2 + s3);
}
