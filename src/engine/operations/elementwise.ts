// Element-wise operations with NumPy's broadcasting: shapes are aligned at the last axis, an extent of 1 stretches.
import { ShapeError } from "../errors.ts";
import { type DType, describe, makeNode, type Node, type OpName, type Shape, sameShape } from "../graph.ts";
import { scalar } from "./leaves.ts";

/** A node, or a number that becomes a float32 scalar constant. */
export type Operand = Node | number;

type Binary = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "greater" | "equal";
type Unary = "neg" | "exp" | "log" | "sqrt" | "tanh" | "sigmoid" | "relu" | "step";

/** The shape that `a` and `b` broadcast to. */
export function broadcastShape(operation: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const p = a[a.length - rank + axis] ?? 1;
    const q = b[b.length - rank + axis] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new ShapeError(operation, `shapes [${a}] and [${b}] do not broadcast`);
    }
    return p === 1 ? q : p;
  });
}

function binary(op: Binary, x: Operand, y: Operand): Node {
  const a = asNode(x);
  const b = asNode(y);
  if (a.dtype !== b.dtype) throw new ShapeError(op, `dtypes differ: ${describe(a)} and ${describe(b)}; cast one`);
  if (op !== "equal") needFloat(op, a);
  const dtype: DType = op === "greater" || op === "equal" ? "bool" : "float32";
  return makeNode(op as OpName, [a, b], {}, broadcastShape(op, a.shape, b.shape), dtype);
}

function unary(op: Unary, x: Node): Node {
  needFloat(op, x);
  return makeNode(op as OpName, [x], {}, x.shape);
}

function asNode(operand: Operand): Node {
  return typeof operand === "number" ? scalar(operand) : operand;
}

function needFloat(op: string, x: Node): void {
  if (x.dtype !== "float32") throw new ShapeError(op, `needs float32, got ${describe(x)}; cast it`);
}

export const add = (a: Operand, b: Operand): Node => binary("add", a, b);
export const sub = (a: Operand, b: Operand): Node => binary("sub", a, b);
export const mul = (a: Operand, b: Operand): Node => binary("mul", a, b);
export const div = (a: Operand, b: Operand): Node => binary("div", a, b);
/** The larger of the two; where equal, the gradient goes to `a`. */
export const maximum = (a: Operand, b: Operand): Node => binary("maximum", a, b);
/** The smaller of the two; where equal, the gradient goes to `a`. */
export const minimum = (a: Operand, b: Operand): Node => binary("minimum", a, b);
/** bool: a > b. */
export const greater = (a: Operand, b: Operand): Node => binary("greater", a, b);
/** bool: a < b. */
export const less = (a: Operand, b: Operand): Node => binary("greater", b, a);
/** bool: a == b, for operands of one dtype. */
export const equal = (a: Operand, b: Operand): Node => binary("equal", a, b);

export const neg = (x: Node): Node => unary("neg", x);
export const exp = (x: Node): Node => unary("exp", x);
/** Natural logarithm. */
export const log = (x: Node): Node => unary("log", x);
export const sqrt = (x: Node): Node => unary("sqrt", x);
export const tanh = (x: Node): Node => unary("tanh", x);
/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: Node): Node => unary("sigmoid", x);
/** max(x, 0); its gradient at 0 is 0. */
export const relu = (x: Node): Node => unary("relu", x);
/** 1 where x > 0, else 0, as float32; no gradient. */
export const step = (x: Node): Node => unary("step", x);
export const square = (x: Node): Node => mul(x, x);

/** `whenTrue` where `condition` holds, else `whenFalse`; all three broadcast. */
export function select(condition: Node, whenTrue: Operand, whenFalse: Operand): Node {
  const a = asNode(whenTrue);
  const b = asNode(whenFalse);
  if (condition.dtype !== "bool") throw new ShapeError("select", `condition must be bool, got ${describe(condition)}`);
  needFloat("select", a);
  needFloat("select", b);
  const shape = broadcastShape("select", condition.shape, broadcastShape("select", a.shape, b.shape));
  return makeNode("select", [condition, a, b], {}, shape);
}

/** Changes the dtype; to bool is `!= 0`, from bool is 0 or 1, to an integer truncates. The same dtype gives `x` itself. */
export function cast(x: Node, to: DType): Node {
  return x.dtype === to ? x : makeNode("cast", [x], { to }, x.shape, to);
}

/** `x` as a constant for autodiff: nothing flows back through it. */
export function stopGradient(x: Node): Node {
  return makeNode("stopGradient", [x], {}, x.shape, x.dtype);
}

/** `x` repeated to `shape` by the broadcasting rule. */
export function broadcastTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShape("broadcastTo", x.shape, shape), shape)) {
    throw new ShapeError("broadcastTo", `[${x.shape}] does not broadcast to [${shape}]`);
  }
  return makeNode("broadcastTo", [x], { shape }, shape, x.dtype);
}
