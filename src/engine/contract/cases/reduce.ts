// Cases of the reductions.
import type { Node, Shape } from "../../graph.ts";
import {
  logSoftmax,
  max,
  type ReduceOptions,
  rank,
  relu,
  sum,
  transpose,
  upsampleNearest,
} from "../../operations/index.ts";
import type { Case, Cases } from "../case.ts";

const reductions: readonly (readonly [Shape, ReduceOptions])[] = [
  [[1], {}],
  [[7], {}],
  [[7], { keepDims: true }],
  [[3, 5], { axes: [0] }],
  [[3, 5], { axes: [-1] }],
  [[3, 5], { axes: [-1], keepDims: true }],
  [[2, 3, 5], {}],
  [[2, 3, 5], { axes: [1] }],
  [[2, 3, 5], { axes: [0, 2], keepDims: true }],
  [[3, 2, 5, 7], { axes: [0, 2, 3] }],
  [[1, 3, 1, 5], { axes: [2] }],
  [[2, 700], { axes: [1] }],
  [[2, 3, 11, 30], { axes: [1, 3] }],
];

function reduced(operation: (x: Node, options: ReduceOptions) => Node): Case[] {
  return reductions.map(([shape, options]) => ({
    name: `[${shape}] over ${options.axes === undefined ? "all axes" : `axes [${options.axes}]`}${options.keepDims ? ", kept" : ""}`,
    build: (inputs) => operation(inputs.floats(shape), options),
  }));
}

/** As lengths of vectors are made of. The numbers are told exactly by eight bits. */
function overChannels(operation: (x: Node, options: ReduceOptions) => Node): Case {
  return {
    name: "300 channels of a picture",
    build: (inputs) => operation(upsampleNearest(inputs.wholes([2, 300, 2, 3], -9, 9), 2), { axes: [1] }),
    gradient: "none",
  };
}

export const reduceCases: Cases<"sum" | "max" | "logSoftmax" | "rank"> = {
  sum: [...reduced(sum), overChannels(sum)],
  max: [
    ...reduced(max),
    overChannels(max),
    { name: "ties", build: (inputs) => max(inputs.wholes([5, 7], 0, 1), { axes: [1] }), gradient: "kink" },
    {
      name: "rows of zeros behind a relu",
      build: (inputs) => max(relu(inputs.wholes([4, 3, 5], -4, 1)), { axes: [1, 2] }),
      gradient: "kink",
    },
    { name: "negative numbers only", build: (inputs) => max(inputs.floats([3, 5], -9, -1), { axes: [0] }) },
  ],
  logSoftmax: [
    ...[[1], [7], [3, 5], [1, 10], [2, 3, 4], [3, 300], [9, 70, 5], [400, 50]].map(
      (shape): Case => ({
        name: `[${shape}]`,
        build: (inputs) => logSoftmax(inputs.floats(shape)),
      }),
    ),
    { name: "numbers whose exponential overflows", build: (inputs) => logSoftmax(inputs.floats([3, 5], -1000, 1000)) },
    { name: "equal numbers", build: (inputs) => logSoftmax(inputs.wholes([3, 4], 2, 2)) },
  ],
  rank: [
    ...[[1], [7], [3, 5], [2, 3, 4], [2, 1000]].map(
      (shape): Case => ({ name: `[${shape}]`, build: (inputs) => rank(inputs.floats(shape)), gradient: "none" }),
    ),
    { name: "ties", build: (inputs) => rank(inputs.wholes([4, 50], -2, 2)), gradient: "none" },
    { name: "nothing but ties", build: (inputs) => rank(inputs.wholes([2, 300], 0, 0)), gradient: "none" },
    {
      name: "both zeros, infinities and large numbers",
      build: (inputs) => rank(inputs.given([0, -Infinity, 3e38, -0, -3e38, Infinity, 0])),
      gradient: "none",
    },
    {
      name: "of what lies in another order",
      build: (inputs) => rank(transpose(inputs.floats([6, 4]))),
      gradient: "none",
    },
  ],
};
