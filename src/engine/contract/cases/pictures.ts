// Cases of pooling, upsampling and batch normalisation.
import { momentOf } from "../../gradients/pictures.ts";
import type { Node, Shape } from "../../graph.ts";
import {
  add,
  averagePool,
  averagePoolGradient,
  batchMoments,
  filled,
  maxPool,
  maxPoolGradient,
  mul,
  normalise,
  type PoolOptions,
  relu,
  upsampleNearest,
} from "../../operations/index.ts";
import { paddingOf, pairOf } from "../../operations/linear.ts";
import type { Case, CaseInputs, Cases } from "../case.ts";

interface Pooling {
  readonly name: string;
  readonly x: Shape;
  readonly options: PoolOptions;
}

const poolings: readonly Pooling[] = [
  { name: "2x2", x: [2, 3, 4, 6], options: { kernel: 2 } },
  { name: "2x2, pixels left over", x: [2, 3, 5, 7], options: { kernel: 2 } },
  { name: "3x3, stride 2, padding 1", x: [2, 2, 9, 7], options: { kernel: 3, stride: 2, padding: 1 } },
  { name: "3x3, stride 2, padding 1, even", x: [1, 2, 8, 6], options: { kernel: 3, stride: 2, padding: 1 } },
  { name: "3x3, stride 1, padding 1", x: [1, 2, 5, 4], options: { kernel: 3, stride: 1, padding: 1 } },
  { name: "2x3, stride 1 by 2", x: [2, 1, 5, 7], options: { kernel: [2, 3], stride: [1, 2] } },
  { name: "1x7, padding 0 by 3", x: [1, 2, 3, 8], options: { kernel: [1, 7], stride: [2, 3], padding: [0, 3] } },
  { name: "2x2, stride 3, gaps between windows", x: [1, 2, 7, 8], options: { kernel: 2, stride: 3 } },
  { name: "3x3, uneven padding", x: [2, 2, 5, 6], options: { kernel: 3, stride: 2, padding: [0, 1, 2, 1] } },
  { name: "the whole picture", x: [2, 3, 5, 3], options: { kernel: [5, 3] } },
  { name: "one pixel", x: [1, 1, 1, 1], options: { kernel: 1 } },
  { name: "16 channels", x: [2, 16, 5, 7], options: { kernel: 3, stride: 2, padding: 1 } },
  { name: "2x2, 20 channels", x: [2, 20, 4, 6], options: { kernel: 2 } },
];

const maxPools = poolings.map(
  ({ name, x, options }): Case => ({ name, build: (inputs) => maxPool(inputs.floats(x), options) }),
);

/** Many equal elements in each window: only which of them has the gradient is open, and the contract says the first. */
const tiedPools = poolings.map(
  ({ name, x, options }): Case => ({
    name: `${name}, ties`,
    build: (inputs) => maxPool(relu(inputs.wholes(x, -2, 1)), options),
    gradient: "kink",
  }),
);

function pooledGradient(name: string, x: Shape, options: PoolOptions, tied: boolean): Case {
  const build = (inputs: CaseInputs) => {
    const pictures = tied ? inputs.wholes(x, -1, 1) : inputs.floats(x);
    const { kernel, stride = kernel, padding = 0 } = options;
    const window = { kernel: pairOf(kernel), stride: pairOf(stride), padding: paddingOf(padding) };
    return maxPoolGradient(pictures, inputs.floats(maxPool(pictures, options).shape), window);
  };
  return { name, build, gradient: "none" };
}

const counted = poolings.flatMap(({ name, x, options }) =>
  [false, true].map((countPadding) => ({
    name: countPadding ? `${name}, padding counted` : name,
    x,
    options: { ...options, countPadding },
  })),
);

function averageGradient(name: string, x: Shape, options: PoolOptions & { countPadding: boolean }): Case {
  const { kernel, stride = kernel, padding = 0, countPadding } = options;
  const window = { kernel: pairOf(kernel), stride: pairOf(stride), padding: paddingOf(padding), countPadding };
  const build = (inputs: CaseInputs) => {
    const { shape } = averagePool(filled(0, x), options);
    return averagePoolGradient(inputs.floats(shape), window, [x[2]!, x[3]!]);
  };
  return { name, build };
}

const pictureShapes: readonly Shape[] = [
  [4, 3, 5, 7],
  [1, 1, 3, 5],
  [3, 2, 1, 1],
  [2, 16, 3, 5],
];

/** Batch normalisation in training: by the moments of the pictures themselves. */
function normalisedByItself(x: Node, scale: Node, shift: Node, epsilon: number): Node {
  const moments = batchMoments(x);
  return normalise(x, momentOf(moments, 0), momentOf(moments, 1), scale, shift, epsilon);
}

const inTraining = pictureShapes.map(
  (shape): Case => ({
    name: `[${shape}] in training`,
    build: (inputs) =>
      normalisedByItself(inputs.floats(shape), inputs.floats([shape[1]!]), inputs.floats([shape[1]!]), 1e-2),
  }),
);

const inInference = pictureShapes.map(
  (shape): Case => ({
    name: `[${shape}] by given statistics`,
    build: (inputs) => {
      const channels = [shape[1]!];
      const [mean, variance] = [inputs.floats(channels), inputs.floats(channels, 0.1, 3)];
      return normalise(inputs.floats(shape), mean, variance, inputs.floats(channels), inputs.floats(channels), 1e-5);
    },
  }),
);

export const pictureCases: Cases<
  | "maxPool"
  | "maxPoolGradient"
  | "averagePool"
  | "averagePoolGradient"
  | "upsampleNearest"
  | "batchMoments"
  | "normalise"
> = {
  maxPool: [
    ...maxPools,
    ...tiedPools,
    {
      name: "padding never wins",
      build: (inputs) => maxPool(inputs.floats([1, 2, 4, 5], -9, -1), { kernel: 3, stride: 2, padding: 1 }),
    },
  ],
  maxPoolGradient: poolings.flatMap(({ name, x, options }) => [
    pooledGradient(name, x, options, false),
    pooledGradient(`${name}, ties`, x, options, true),
  ]),
  averagePool: counted.map(({ name, x, options }) => ({
    name,
    build: (inputs) => averagePool(inputs.floats(x), options),
  })),
  averagePoolGradient: counted.map(({ name, x, options }) => averageGradient(name, x, options)),
  upsampleNearest: [2, 3].flatMap((factor) =>
    pictureShapes.map(
      (shape): Case => ({
        name: `[${shape}] by ${factor}`,
        build: (inputs) => upsampleNearest(inputs.floats(shape), factor),
      }),
    ),
  ),
  batchMoments: [
    ...pictureShapes.map(
      (shape): Case => ({
        name: `[${shape}]`,
        build: (inputs) => batchMoments(inputs.floats(shape)),
      }),
    ),
    { name: "far from 0", build: (inputs) => batchMoments(inputs.floats([3, 2, 5, 7], 99, 101)) },
    {
      name: "with other users of the pictures",
      build: (inputs) => {
        const x = inputs.floats([3, 2, 5, 3]);
        return add(batchMoments(x), mul(batchMoments(mul(x, x)), 0.5));
      },
    },
  ],
  normalise: [
    ...inInference,
    ...inTraining,
    {
      name: "one batch's moments used twice",
      build: (inputs) => {
        const x = inputs.floats([3, 2, 3, 5]);
        const moments = batchMoments(x);
        const by = (epsilon: number) =>
          normalise(x, momentOf(moments, 0), momentOf(moments, 1), inputs.floats([2]), inputs.floats([2]), epsilon);
        return mul(by(1e-3), by(0.5));
      },
    },
    {
      name: "by another batch's moments",
      build: (inputs) => {
        const moments = batchMoments(inputs.floats([3, 2, 3, 5]));
        const [scale, shift] = [inputs.floats([2]), inputs.floats([2])];
        return normalise(inputs.floats([2, 2, 3, 1]), momentOf(moments, 0), momentOf(moments, 1), scale, shift, 1e-5);
      },
    },
    {
      name: "mean and variance of two batches",
      build: (inputs) => {
        const x = inputs.floats([3, 2, 3, 5]);
        const variance = momentOf(batchMoments(inputs.floats([2, 2, 3, 1])), 1);
        const mean = momentOf(batchMoments(x), 0);
        return normalise(x, mean, variance, inputs.floats([2]), inputs.floats([2]), 1e-5);
      },
    },
  ],
};
