// Kernels of the reductions.
import type { NodeOf } from "../../../graph.ts";
import type { Kernels } from "./kernel.ts";
import { broadcastOffsets } from "./view.ts";

/** A kernel that folds the elements along the reduced axes, in row-major order, beginning with `start`. */
function folded(start: number, fold: (before: number, value: number) => number) {
  return (node: NodeOf<"sum" | "max">, [x]: readonly Float64Array[]): Float64Array => {
    const { shape } = node.inputs[0]!;
    const kept = shape.map((extent, axis) => (node.attributes.axes.includes(axis) ? 1 : extent));
    const into = broadcastOffsets(kept, shape);
    const result = new Float64Array(kept.reduce((product, extent) => product * extent, 1)).fill(start);
    x!.forEach((value, i) => {
      result[into[i]!] = fold(result[into[i]!]!, value);
    });
    return result;
  };
}

function rowByRow(length: number, x: Float64Array, work: (row: Float64Array) => Float64Array): Float64Array {
  const result = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += length) result.set(work(x.subarray(start, start + length)), start);
  return result;
}

function ranksOfRow(row: Float64Array): Float64Array {
  const ranks = new Float64Array(row.length);
  const order = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]!); // stable
  order.forEach((position, place) => {
    ranks[position] = place;
  });
  return ranks;
}

/** Subtracts log(sum(exp(row))), written with the largest taken out so that nothing overflows. */
function logSoftmaxOfRow(row: Float64Array): Float64Array {
  const largest = row.reduce((a, b) => Math.max(a, b));
  const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  return row.map((value) => value - largest - Math.log(total));
}

export const reduceKernels: Kernels<"sum" | "max" | "logSoftmax" | "rank"> = {
  sum: folded(0, (a, b) => a + b),
  max: folded(-Infinity, (a, b) => Math.max(a, b)),
  logSoftmax: (node, [x]) => rowByRow(node.shape.at(-1)!, x!, logSoftmaxOfRow),
  rank: (node, [x]) => rowByRow(node.shape.at(-1)!, x!, ranksOfRow),
};
