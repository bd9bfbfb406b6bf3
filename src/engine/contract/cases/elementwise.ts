// Cases of the element-wise operations.
import type { Node, Shape } from "../../graph.ts";
import {
  add,
  cast,
  div,
  equal,
  exp,
  greater,
  log,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  select,
  sigmoid,
  sqrt,
  square,
  step,
  stopGradient,
  sub,
  tanh,
} from "../../operations/index.ts";
import type { Case, CaseInputs, Cases } from "../case.ts";

const shapes: readonly Shape[] = [[], [1], [7], [2, 3, 5], [1, 1, 3, 17]];

/** Pairs of shapes, broadcast in either direction and in both at once. */
const shapePairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [
    [3, 5],
    [3, 5],
  ],
  [[3, 5], [5]],
  [[5], [3, 5]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    [4, 1],
    [1, 6],
  ],
  [[1], [7]],
  [[2, 3], []],
  [[], [2, 3]],
  [[1, 1, 1], [1]],
  [
    [2, 3, 1, 5],
    [3, 7, 1],
  ],
];

function unary(operation: (x: Node) => Node, low?: number, high?: number): Case[] {
  return shapes.map((shape) => ({
    name: `[${shape}]`,
    build: (inputs) => operation(inputs.floats(shape, low, high)),
  }));
}

function binary(
  operation: (a: Node, b: Node) => Node,
  draw = (inputs: CaseInputs, shape: Shape) => inputs.floats(shape),
) {
  return shapePairs.map(
    ([a, b]): Case => ({
      name: `[${a}] and [${b}]`,
      build: (inputs) => operation(inputs.floats(a), draw(inputs, b)),
    }),
  );
}

/** Small whole numbers, so that many pairs are equal. */
function ties(operation: (a: Node, b: Node) => Node): Case {
  return {
    name: "ties",
    build: (inputs) => operation(inputs.wholes([5, 7], -1, 1), inputs.wholes([7], -1, 1)),
    gradient: "kink",
  };
}

const notANumber: (operation: (x: Node) => Node) => Case = (operation) => ({
  name: "NaN, infinities and both zeros",
  build: (inputs) => operation(inputs.given([Number.NaN, -Infinity, -1, -0, 0, 1, Infinity])),
  gradient: "none",
});

const same: Case["build"] = (inputs) => {
  const x = inputs.floats([3, 4]);
  return mul(add(x, x), x);
};

const extremes = [-200, -90, -20, -1, 0, 1, 20, 80, 200];

export const elementwiseCases: Cases<
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
  add: [...binary(add), { name: "one node used three times", build: same }],
  sub: binary(sub),
  mul: [...binary(mul), { name: "a square", build: (inputs) => square(inputs.floats([2, 5])) }],
  div: binary(div, (inputs, shape) => inputs.floats(shape, 0.5, 3)),
  maximum: [...binary(maximum), ties(maximum)],
  minimum: [...binary(minimum), ties(minimum)],
  greater: [...binary(greater), ties(greater)],
  equal: [
    ...binary(equal),
    ties(equal),
    { name: "int32", build: (inputs) => equal(inputs.integers([4, 5], 0, 2), inputs.integers([5], 0, 2)) },
    { name: "uint8", build: (inputs) => equal(inputs.bytes([50, 1]), inputs.bytes([50])) },
    { name: "bool", build: (inputs) => equal(inputs.truths([9]), inputs.truths([3, 9])) },
  ],
  select: [
    { name: "rank 0", build: (inputs) => select(inputs.truths([]), inputs.floats([]), inputs.floats([])) },
    {
      name: "one shape",
      build: (inputs) => select(inputs.truths([3, 5]), inputs.floats([3, 5]), inputs.floats([3, 5])),
    },
    {
      name: "a wide condition",
      build: (inputs) => select(inputs.truths([3, 5]), inputs.floats([5]), inputs.floats([])),
    },
    {
      name: "a narrow condition",
      build: (inputs) => select(inputs.truths([5]), inputs.floats([3, 5]), inputs.floats([3, 1])),
    },
    {
      name: "all three stretched",
      build: (inputs) => select(inputs.truths([4, 1, 1]), inputs.floats([3, 1]), inputs.floats([1, 5])),
    },
  ],
  neg: unary(neg),
  exp: unary(exp),
  log: unary(log, 0.1, 9),
  sqrt: unary(sqrt, 0.1, 9),
  tanh: [...unary(tanh), { name: "far from 0", build: (inputs) => tanh(inputs.given(extremes)) }],
  sigmoid: [...unary(sigmoid), { name: "far from 0", build: (inputs) => sigmoid(inputs.given(extremes)) }],
  relu: [
    ...unary(relu),
    { name: "many zeros", build: (inputs) => relu(inputs.wholes([5, 7], -1, 1)), gradient: "kink" },
    notANumber(relu),
  ],
  step: [
    ...unary(step),
    { name: "many zeros", build: (inputs) => step(inputs.wholes([5, 7], -1, 1)), gradient: "kink" },
    {
      name: "small and large numbers",
      build: (inputs) => step(inputs.given([1e-30, -1e-30, 1e30, -1e30])),
      gradient: "kink",
    },
    notANumber(step),
  ],
  cast: [
    { name: "uint8 to float32", build: (inputs) => cast(inputs.bytes([2, 3, 5]), "float32") },
    { name: "int32 to float32", build: (inputs) => cast(inputs.integers([7], -1000, 1000), "float32") },
    { name: "bool to float32", build: (inputs) => cast(inputs.truths([3, 3]), "float32") },
    { name: "bool to int32", build: (inputs) => cast(inputs.truths([3, 3]), "int32") },
    { name: "uint8 to int32", build: (inputs) => cast(inputs.bytes([9]), "int32") },
    { name: "int32 to uint8", build: (inputs) => cast(inputs.integers([9], 0, 255), "uint8") },
    { name: "float32 to int32 truncates", build: (inputs) => cast(inputs.floats([3, 7], -5, 5), "int32") },
    { name: "float32 to uint8 truncates", build: (inputs) => cast(inputs.floats([3, 7], 0, 255.9), "uint8") },
    { name: "float32 to bool", build: (inputs) => cast(inputs.wholes([9], -1, 1), "bool"), gradient: "kink" },
    { name: "int32 to bool", build: (inputs) => cast(inputs.integers([9], -1, 1), "bool") },
    { name: "rank 0", build: (inputs) => cast(inputs.bytes([]), "float32") },
  ],
  stopGradient: [
    { name: "an input", build: (inputs) => stopGradient(inputs.floats([2, 3])), gradient: "stopped" },
    { name: "an integer", build: (inputs) => stopGradient(inputs.integers([2, 3], 0, 9)) },
    {
      name: "one of two ways",
      build: (inputs) => {
        const x = inputs.floats([2, 3]);
        return mul(stopGradient(exp(x)), x);
      },
      gradient: "stopped",
    },
  ],
};
