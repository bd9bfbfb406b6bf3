// The trace of M^-1 F as items with information v v^T enter and leave M. M^-1 and G = M^-1 F M^-1 are kept up by rank-one
// updates (Sherman and Morrison 1950), and with them v^T G v and v^T M^-1 v of every item, so that what each would change
// is known at once: it lowers the trace by v^T G v / (1 + v^T M^-1 v) when it enters, and raises it by the same over
// 1 - v^T M^-1 v when it leaves.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "../kernels/pace.ts";
import { meanOfSquares, product, quadraticForm, rowOf, times } from "../kernels/symmetric.ts";

export interface FisherTrace {
  readonly items: number;
  /** How much the trace falls when an item enters. */
  gain(item: number): number;
  /** How much the trace rises when an item that is in leaves. */
  loss(item: number): number;
  /** Lets an item in; `gain` and `loss` of the items in `keepUp` hold afterwards. */
  include(item: number, keepUp: Iterable<number>, pace: Pace): Promise<void>;
  exclude(item: number, keepUp: Iterable<number>, pace: Pace): Promise<void>;
}

/** M starts as `ridge` on the diagonal plus all of `labelled`; F is the mean over both lists. */
export async function startFisherTrace(own: Matrix, labelled: Matrix, ridge: number, pace: Pace): Promise<FisherTrace> {
  const { rows, columns } = own;
  const inverse = await inverseOfSum(labelled, ridge, pace);
  const half = await product(inverse, await meanOfSquares([own, labelled], pace), columns, pace);
  const sandwich = await product(half, inverse, columns, pace);
  const quadratic = new Float64Array(rows); // v^T G v
  const leverage = new Float64Array(rows); // v^T M^-1 v
  for (let i = 0; i < rows; i++) {
    quadratic[i] = quadraticForm(sandwich, rowOf(own, i));
    leverage[i] = quadraticForm(inverse, rowOf(own, i));
    if (pace.did(columns ** 2)) await pace.pause();
  }

  /** `sign` is 1 to include, -1 to exclude. */
  const change = async (item: number, sign: number, keepUp: Iterable<number>, pace: Pace) => {
    const v = rowOf(own, item);
    const scale = Math.sqrt(1 + sign * leverage[item]!);
    const u = times(inverse, v).map((value) => value / scale);
    const w = times(sandwich, v).map((value) => value / scale);
    const f = quadratic[item]! / scale ** 2;
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) {
        inverse[a * columns + b]! -= sign * u[a]! * u[b]!;
        sandwich[a * columns + b]! += f * u[a]! * u[b]! - sign * (u[a]! * w[b]! + w[a]! * u[b]!);
      }
    }
    for (const i of keepUp) {
      let alongU = 0;
      let alongW = 0;
      for (let d = 0; d < columns; d++) {
        const value = own.values[i * columns + d]!;
        alongU += value * u[d]!;
        alongW += value * w[d]!;
      }
      quadratic[i]! += alongU * (f * alongU - 2 * sign * alongW);
      leverage[i]! -= sign * alongU ** 2;
      if (pace.did(2 * columns)) await pace.pause();
    }
  };
  return {
    items: rows,
    gain: (item) => quadratic[item]! / (1 + leverage[item]!),
    loss: (item) => quadratic[item]! / (1 - leverage[item]!),
    include: (item, keepUp, pace) => change(item, 1, keepUp, pace),
    exclude: (item, keepUp, pace) => change(item, -1, keepUp, pace),
  };
}

/** The inverse of `ridge` on the diagonal plus v v^T of every row, one row after the other. */
async function inverseOfSum(matrix: Matrix, ridge: number, pace: Pace): Promise<Float64Array> {
  const { rows, columns } = matrix;
  const inverse = new Float64Array(columns ** 2);
  for (let d = 0; d < columns; d++) inverse[d * columns + d] = 1 / ridge;
  for (let row = 0; row < rows; row++) {
    const v = rowOf(matrix, row);
    const u = times(inverse, v);
    const scale = 1 + v.reduce((sum, value, d) => sum + value * u[d]!, 0);
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) inverse[a * columns + b]! -= (u[a]! * u[b]!) / scale;
    }
    if (pace.did(2 * columns ** 2)) await pace.pause();
  }
  return inverse;
}
