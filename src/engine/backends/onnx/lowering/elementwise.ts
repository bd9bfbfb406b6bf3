// Element-wise operations, reductions and products in ONNX.

import { elementTypes } from "../../../../native/onnx-proto.ts";
import { type DType, type Node, type NodeOf, type OpName, type Shape, sameShape } from "../../../graph.ts";
import { broadcastShape } from "../../../operations/elementwise.ts";
import type { Lowerer, Lowering, Lowerings } from "./lowering.ts";

type Direct =
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
  | "stopGradient";

/** An operation that ONNX has under another name. */
function as(opType: string): (node: NodeOf<OpName>, inputs: readonly string[], lowerer: Lowerer) => string {
  return (_, inputs, { writer }) => writer.emit(opType, inputs);
}

const direct: Lowerings<Direct> = {
  add: as("Add"),
  sub: as("Sub"),
  mul: as("Mul"),
  div: as("Div"),
  maximum: as("Max"),
  minimum: as("Min"),
  greater: as("Greater"),
  equal: as("Equal"),
  select: as("Where"),
  neg: as("Neg"),
  exp: as("Exp"),
  log: as("Log"),
  sqrt: as("Sqrt"),
  tanh: as("Tanh"),
  sigmoid: as("Sigmoid"),
  relu: as("Relu"),
  stopGradient: (_, inputs) => inputs[0]!,
};

function reduction(opType: "ReduceSum" | "ReduceMax"): Lowering<"sum" | "max"> {
  return (node, inputs, { writer }) => {
    const { axes, keepDims } = node.attributes;
    return writer.emit(opType, [inputs[0]!, writer.integers(axes)], { keepdims: keepDims ? 1 : 0 });
  };
}

/** Matrix product; transposes go into the product where the runtime can. */
const matmul: Lowering<"matmul"> = (node, inputs, { writer }) => {
  const { transposeA, transposeB } = node.attributes;
  if (!transposeA && !transposeB) return writer.emit("MatMul", inputs);
  if (node.shape.length === 2) {
    return writer.emit("Gemm", inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
  }
  if (!writer.portable) {
    return writer.emit(
      "FusedMatMul",
      inputs,
      { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
      "com.microsoft",
    );
  }
  const swapped = inputs.map((name, i) => {
    const rank = node.inputs[i]!.shape.length;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
    return (i === 0 ? transposeA : transposeB) ? writer.emit("Transpose", [name], { perm }) : name;
  });
  return writer.emit("MatMul", swapped);
};

/**
 * 1 where x > 0. The hard sigmoid min(max(big * x, 0), 1) is one vectorised pass; Greater and Cast take three times as
 * long. Positive numbers below 1 / big (3e-39, none of them normal) would come out below 1.
 */
const step: Lowering<"step"> = (_, inputs, { writer }) =>
  writer.emit("HardSigmoid", inputs, { alpha: { float: 3e38 }, beta: { float: 0 } });

const cast: Lowering<"cast"> = (node, inputs, { writer }) => {
  const to: DType = node.attributes.to;
  return writer.emit("Cast", inputs, { to: elementTypes[to] });
};

/** TopK of the whole row gives who stands at each place; TopK of that, from the smallest up, the place of each. */
const rank: Lowering<"rank"> = (node, inputs, { writer }) => {
  const length = writer.integers([node.shape.at(-1)!]);
  const [, order] = writer.emitMany("TopK", [inputs[0]!, length], 2, { largest: 1 });
  const [, places] = writer.emitMany("TopK", [order!, length], 2, { largest: 0 });
  return writer.emit("Cast", [places!], { to: elementTypes.float32 });
};

/** Element-wise users broadcast by themselves, so the copy is made only for others. */
const broadcastTo: Lowering<"broadcastTo"> = (node, inputs, { writer, usersOf }) => {
  const users = usersOf(node as Node);
  const needless = users.length > 0 && users.every((user) => stretchesWithout(user));
  return needless ? inputs[0]! : writer.emit("Expand", [inputs[0]!, writer.integers(node.attributes.shape)]);
};
const broadcasting = new Set<OpName>(["add", "sub", "mul", "div", "maximum", "minimum", "select", "greater", "equal"]);

/** Whether `user` has its whole shape from inputs that are not themselves broadcast. */
function stretchesWithout(user: Node): boolean {
  const others = user.inputs.filter((input) => input.op !== "broadcastTo").map((input) => input.shape);
  const shape = others.reduce<Shape>((a, b) => broadcastShape(user.op, a, b), []);
  return broadcasting.has(user.op) && sameShape(shape, user.shape);
}

export const elementwiseLowerings: Lowerings<
  Direct | "step" | "cast" | "sum" | "max" | "logSoftmax" | "rank" | "matmul" | "broadcastTo"
> = {
  ...direct,
  step,
  cast,
  matmul,
  broadcastTo,
  sum: reduction("ReduceSum"),
  max: reduction("ReduceMax"),
  logSoftmax: (_, inputs, { writer }) => writer.emit("LogSoftmax", inputs, { axis: -1 }),
  rank,
};
