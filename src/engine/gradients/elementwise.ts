// Gradients of the element-wise operations. What was broadcast going forward is summed going back.
import type { Node, Shape } from "../graph.ts";
import {
  broadcastTo,
  cast,
  div,
  equal,
  greater,
  mul,
  neg,
  reshape,
  scalar,
  select,
  step,
  sub,
  sum,
} from "../operations/index.ts";
import type { GradientRules } from "./rule.ts";

/** `x` summed over the axes along which `shape` was broadcast to x's shape. */
export function sumTo(x: Node, shape: Shape): Node {
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((extent, axis) =>
    axis < lead || (shape[axis - lead] === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(axes.length === 0 ? x : sum(x, { axes, keepDims: true }), shape);
}

/** Gradients of a two-input operation from those of its broadcast inputs, computed only where wanted. */
function both(node: Node, wanted: readonly boolean[], left: () => Node, right: () => Node): (Node | null)[] {
  const [a, b] = node.inputs as readonly [Node, Node];
  return [wanted[0] ? sumTo(left(), a.shape) : null, wanted[1] ? sumTo(right(), b.shape) : null];
}

function extremum(node: Node, dy: Node, wanted: readonly boolean[], firstLoses: Node): (Node | null)[] {
  const zero = scalar(0);
  return both(
    node,
    wanted,
    () => select(firstLoses, zero, dy),
    () => select(firstLoses, dy, zero),
  );
}

export const elementwiseRules: GradientRules<
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "minimum"
  | "greater"
  | "equal"
  | "select"
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "relu"
  | "step"
  | "cast"
  | "stopGradient"
> = {
  add: (node, dy, wanted) =>
    both(
      node,
      wanted,
      () => dy,
      () => dy,
    ),
  sub: (node, dy, wanted) =>
    both(
      node,
      wanted,
      () => dy,
      () => neg(dy),
    ),
  mul: (node, dy, wanted) => {
    const [a, b] = node.inputs as readonly [Node, Node];
    return both(
      node,
      wanted,
      () => mul(dy, b),
      () => mul(dy, a),
    );
  },
  div: (node, dy, wanted) => {
    const b = node.inputs[1]!;
    return both(
      node,
      wanted,
      () => div(dy, b),
      () => neg(div(mul(dy, node as Node), b)),
    );
  },
  maximum: (node, dy, wanted) => extremum(node as Node, dy, wanted, greater(node.inputs[1]!, node.inputs[0]!)),
  minimum: (node, dy, wanted) => extremum(node as Node, dy, wanted, greater(node.inputs[0]!, node.inputs[1]!)),
  greater: () => [null, null],
  equal: () => [null, null],
  select: (node, dy, wanted) => {
    const [condition, a, b] = node.inputs as readonly [Node, Node, Node];
    const zero = scalar(0);
    return [
      null,
      wanted[1] ? sumTo(broadcastTo(select(condition, dy, zero), node.shape), a.shape) : null,
      wanted[2] ? sumTo(broadcastTo(select(condition, zero, dy), node.shape), b.shape) : null,
    ];
  },
  neg: (_, dy) => [neg(dy)],
  exp: (node, dy) => [mul(dy, node as Node)],
  log: (node, dy) => [div(dy, node.inputs[0]!)],
  sqrt: (node, dy) => [div(mul(dy, 0.5), node as Node)],
  tanh: (node, dy) => [mul(dy, sub(1, mul(node as Node, node as Node)))],
  sigmoid: (node, dy) => [mul(dy, mul(node as Node, sub(1, node as Node)))],
  relu: (node, dy) => [mul(dy, step(node as Node))],
  step: () => [null],
  cast: (node, dy) => [node.inputs[0]!.dtype === "float32" && node.dtype === "float32" ? dy : null],
  stopGradient: () => [null],
};

/** 1 where `a` equals `b`, as float32. */
export function indicator(a: Node, b: Node): Node {
  return cast(equal(a, b), "float32");
}
