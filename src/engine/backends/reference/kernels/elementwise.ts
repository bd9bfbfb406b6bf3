// Kernels of the element-wise operations.
import type { DType, NodeOf, OpName } from "../../../graph.ts";
import type { Kernels } from "./kernel.ts";
import { stretch } from "./view.ts";

/** A kernel that computes each element from the elements at the same place of up to three broadcast inputs. */
function each(compute: (a: number, b: number, c: number) => number) {
  return (node: NodeOf<OpName>, inputs: readonly Float64Array[]): Float64Array => {
    const stretched = inputs.map((values, i) => stretch(values, node.inputs[i]!.shape, node.shape));
    const [a, b = a, c = a] = stretched as [Float64Array, Float64Array?, Float64Array?];
    return a.map((value, i) => compute(value, b[i]!, c[i]!));
  };
}

const converted: Readonly<Record<DType, (value: number) => number>> = {
  float32: (value) => value,
  int32: (value) => value | 0,
  uint8: (value) => value & 255,
  bool: (value) => (value === 0 ? 0 : 1),
};

export const elementwiseKernels: Kernels<
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
  add: each((a, b) => a + b),
  sub: each((a, b) => a - b),
  mul: each((a, b) => a * b),
  div: each((a, b) => a / b),
  maximum: each((a, b) => Math.max(a, b)),
  minimum: each((a, b) => Math.min(a, b)),
  greater: each((a, b) => (a > b ? 1 : 0)),
  equal: each((a, b) => (a === b ? 1 : 0)),
  select: each((condition, a, b) => (condition === 0 ? b : a)),
  neg: each((x) => -x),
  exp: each((x) => Math.exp(x)),
  log: each((x) => Math.log(x)),
  sqrt: each((x) => Math.sqrt(x)),
  tanh: each((x) => Math.tanh(x)),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  relu: each((x) => Math.max(x, 0)), // NaN stays NaN
  step: each((x) => (x > 0 ? 1 : 0)),
  cast: (node, [x]) => x!.map((value) => converted[node.attributes.to](value)),
  stopGradient: (_, [x]) => x!,
};
