// Reductions over axes. Axes may be negative (from the end); without axes all are reduced.
import { ShapeError } from "../errors.ts";
import { describe, makeNode, type Node } from "../graph.ts";
import { mul } from "./elementwise.ts";

export interface ReduceOptions {
  readonly axes?: readonly number[];
  /** Keep reduced axes with extent 1. */
  readonly keepDims?: boolean;
}

function reduce(op: "sum" | "max", x: Node, options: ReduceOptions): Node {
  if (x.dtype !== "float32") throw new ShapeError(op, `needs float32, got ${describe(x)}`);
  const axes = normaliseAxes(op, x, options.axes ?? x.shape.map((_, axis) => axis));
  if (axes.length === 0) return x;
  const keepDims = options.keepDims ?? false;
  const shape = x.shape.flatMap((extent, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [extent]));
  return makeNode(op, [x], { axes, keepDims }, shape);
}

/** Non-negative, sorted, checked axes of `x`. */
export function normaliseAxes(operation: string, x: Node, axes: readonly number[]): number[] {
  const rank = x.shape.length;
  const result = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  if (result.some((axis, i) => axis < 0 || axis >= rank || axis === result[i - 1])) {
    throw new ShapeError(operation, `axes [${axes}] do not fit shape [${x.shape}]`);
  }
  return result;
}

export const sum = (x: Node, options: ReduceOptions = {}): Node => reduce("sum", x, options);

/** The largest; where several are equal the gradient is shared evenly among them. */
export const max = (x: Node, options: ReduceOptions = {}): Node => reduce("max", x, options);

export function mean(x: Node, options: ReduceOptions = {}): Node {
  const axes = normaliseAxes("mean", x, options.axes ?? x.shape.map((_, axis) => axis));
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return mul(sum(x, { ...options, axes }), 1 / count);
}

/**
 * Place of every element in its row (the last axis) when that is sorted from the largest down: 0 for the largest, as
 * float32. Equal elements stand in the order of the row. No gradient.
 */
export function rank(x: Node): Node {
  if (x.dtype !== "float32" || x.shape.length === 0) {
    throw new ShapeError("rank", `needs float32 of rank 1 or more, got ${describe(x)}`);
  }
  return makeNode("rank", [x], {}, x.shape);
}

/** log(softmax(x)) over the last axis, computed without overflow. */
export function logSoftmax(x: Node): Node {
  if (x.dtype !== "float32" || x.shape.length === 0) {
    throw new ShapeError("logSoftmax", `needs float32 of rank 1 or more, got ${describe(x)}`);
  }
  return makeNode("logSoftmax", [x], {}, x.shape);
}
