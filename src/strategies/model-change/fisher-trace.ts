// The trace of M^-1 F as items with information v v^T enter and leave M. M^-1 and G = M^-1 F M^-1 are kept up by rank-one
// updates (Sherman and Morrison 1950), and with them v^T G v and v^T M^-1 v of every item, so that what each would change
// is known at once: it lowers the trace by v^T G v / (1 + v^T M^-1 v) when it enters, and raises it by the same over
// 1 - v^T M^-1 v when it leaves.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "../kernels/pace.ts";
import { dot } from "../kernels/rows.ts";

export interface FisherTrace {
  readonly items: number;
  /** [items]: how much the trace falls when an item enters. */
  gains(): Float64Array;
  /** [items]: how much the trace rises when an item that is in leaves. */
  losses(): Float64Array;
  include(item: number, pace: Pace): Promise<void>;
  exclude(item: number, pace: Pace): Promise<void>;
}

/** M starts as `ridge` on the diagonal plus all of `labelled`; F is the mean over both lists. */
export async function startFisherTrace(own: Matrix, labelled: Matrix, ridge: number, pace: Pace): Promise<FisherTrace> {
  const { rows, columns } = own;
  const inverse = new Float64Array(columns ** 2);
  for (let d = 0; d < columns; d++) inverse[d * columns + d] = 1 / ridge;
  for (let row = 0; row < labelled.rows; row++) {
    enterInverse(inverse, labelled, row);
    if (pace.did(2 * columns ** 2)) await pace.pause();
  }
  const information = await meanInformation([own, labelled], pace);
  const half = await product(inverse, information, columns, pace);
  const sandwich = await product(half, inverse, columns, pace);
  const quadratic = new Float64Array(rows); // v^T G v
  const leverage = new Float64Array(rows); // v^T M^-1 v
  const scratch = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    quadratic[i] = quadraticForm(sandwich, own, i, scratch);
    leverage[i] = quadraticForm(inverse, own, i, scratch);
    if (pace.did(2 * columns ** 2)) await pace.pause();
  }

  /** `sign` is 1 to include, -1 to exclude. */
  const change = async (item: number, sign: number, pace: Pace) => {
    const scale = Math.sqrt(1 + sign * leverage[item]!);
    const u = timesRow(inverse, own, item).map((value) => value / scale);
    const w = timesRow(sandwich, own, item).map((value) => value / scale);
    const f = quadratic[item]! / (1 + sign * leverage[item]!);
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) {
        inverse[a * columns + b]! -= sign * u[a]! * u[b]!;
        sandwich[a * columns + b]! += f * u[a]! * u[b]! - sign * (u[a]! * w[b]! + w[a]! * u[b]!);
      }
    }
    for (let i = 0; i < rows; i++) {
      const alongU = dot(own.values, i, u, 0, columns);
      quadratic[i]! += alongU * (f * alongU - 2 * sign * dot(own.values, i, w, 0, columns));
      leverage[i]! -= sign * alongU ** 2;
      if (pace.did(2 * columns)) await pace.pause();
    }
  };
  return {
    items: rows,
    gains: () => quadratic.map((value, i) => value / (1 + leverage[i]!)),
    losses: () => quadratic.map((value, i) => value / (1 - leverage[i]!)),
    include: (item, pace) => change(item, 1, pace),
    exclude: (item, pace) => change(item, -1, pace),
  };
}

/** The mean of v v^T over all rows. */
async function meanInformation(lists: readonly Matrix[], pace: Pace): Promise<Float64Array> {
  const columns = lists[0]!.columns;
  const sum = new Float64Array(columns ** 2);
  const count = lists.reduce((rows, list) => rows + list.rows, 0);
  for (const { rows, values } of lists) {
    for (let row = 0; row < rows; row++) {
      for (let a = 0; a < columns; a++) {
        const scale = values[row * columns + a]! / count;
        for (let b = 0; b < columns; b++) sum[a * columns + b]! += scale * values[row * columns + b]!;
      }
      if (pace.did(columns ** 2)) await pace.pause();
    }
  }
  return sum;
}

function enterInverse(inverse: Float64Array, matrix: Matrix, row: number): void {
  const { columns, values } = matrix;
  const u = timesRow(inverse, matrix, row);
  const scale = 1 + dot(values, row, u, 0, columns);
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b < columns; b++) inverse[a * columns + b]! -= (u[a]! * u[b]!) / scale;
  }
}

/** A symmetric matrix times a row. */
function timesRow(square: Float64Array, { columns, values }: Matrix, row: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, a) => dot(square, a, values, row, columns));
}

function quadraticForm(square: Float64Array, matrix: Matrix, row: number, scratch: Float64Array): number {
  const { columns, values } = matrix;
  for (let a = 0; a < columns; a++) scratch[a] = dot(square, a, values, row, columns);
  return dot(values, row, scratch, 0, columns);
}

/** The product of a matrix and a symmetric one. */
async function product(left: Float64Array, right: Float64Array, columns: number, pace: Pace): Promise<Float64Array> {
  const result = new Float64Array(columns ** 2);
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b < columns; b++) result[a * columns + b] = dot(left, a, right, b, columns);
    if (pace.did(columns ** 2)) await pace.pause();
  }
  return result;
}
