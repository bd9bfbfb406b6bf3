// Cases of the leaves: what is fed, kept or fixed comes out as it is, in every dtype.
import type { Shape } from "../../graph.ts";
import { add, constant, mul } from "../../operations/index.ts";
import type { Case, Cases } from "../case.ts";

const shapes: readonly Shape[] = [[], [1], [3, 5], [2, 1, 3, 1]];

export const leafCases: Cases<"input" | "state" | "constant"> = {
  input: [
    ...shapes.map((shape): Case => ({ name: `[${shape}]`, build: (inputs) => inputs.floats(shape) })),
    { name: "int32", build: (inputs) => inputs.integers([3], -9, 9) },
    { name: "uint8", build: (inputs) => inputs.bytes([2, 3]) },
    { name: "bool", build: (inputs) => inputs.truths([5]) },
  ],
  state: [
    ...shapes.map((shape): Case => ({ name: `[${shape}]`, build: (inputs) => inputs.state(shape) })),
    {
      name: "two entries and an input",
      build: (inputs) => mul(add(inputs.state([3]), inputs.floats([2, 3])), inputs.state([])),
    },
  ],
  constant: [
    { name: "float32", build: () => constant(Float32Array.of(1.5, -2, 0.1), [3, 1]) },
    { name: "int32", build: () => constant(Int32Array.of(1, -2, 2 ** 31 - 1), [3]) },
    { name: "uint8", build: () => constant(Uint8Array.of(0, 255), [1, 2]) },
    { name: "rank 0 and an input", build: (inputs) => mul(constant(Float32Array.of(3), []), inputs.floats([2, 3])) },
    {
      name: "a view into a larger buffer",
      build: () => constant(new Float32Array(Float32Array.of(1, 2, 3, 4, 5).buffer, 8, 2), [2]),
    },
  ],
};
