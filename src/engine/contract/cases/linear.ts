// Cases of the matrix product, the convolution and its two gradients.
import type { Pair, Shape, Window } from "../../graph.ts";
import { type ConvOptions, conv2d, conv2dInputGradient, conv2dWeightGradient, matmul } from "../../operations/index.ts";
import { convOutputSize, windowOf } from "../../operations/linear.ts";
import type { Case, Cases } from "../case.ts";

interface ProductShapes {
  readonly name: string;
  readonly a: Shape;
  readonly b: Shape;
}

const products: readonly ProductShapes[] = [
  { name: "matrices", a: [3, 5], b: [5, 2] },
  { name: "a row and a column", a: [1, 7], b: [7, 1] },
  { name: "a column and a row", a: [4, 1], b: [1, 3] },
  { name: "a batch", a: [3, 2, 5], b: [3, 5, 4] },
  { name: "a batch of 1", a: [1, 2, 5], b: [1, 5, 4] },
  { name: "a batch and one matrix", a: [3, 2, 5], b: [5, 4] },
  { name: "two leading axes", a: [2, 3, 4, 5], b: [2, 3, 5, 2] },
  { name: "two leading axes and one matrix", a: [2, 3, 4, 5], b: [5, 2] },
];

function swapped(shape: Shape): Shape {
  return [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
}

const productCases = products.flatMap(({ name, a, b }) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB): Case => {
      const transposes = `${transposeA ? ", a transposed" : ""}${transposeB ? ", b transposed" : ""}`;
      return {
        name: `${name}: [${a}] x [${b}]${transposes}`,
        build: (inputs) => {
          const left = inputs.floats(transposeA ? swapped(a) : a);
          const right = inputs.floats(transposeB ? swapped(b) : b);
          return matmul(left, right, { transposeA, transposeB });
        },
      };
    }),
  ),
);

interface Convolution {
  readonly name: string;
  /** [batch, in, height, width] */
  readonly x: Shape;
  /** [out, in, height, width] */
  readonly w: Shape;
  readonly options?: ConvOptions;
}

const convolutions: readonly Convolution[] = [
  { name: "1x1", x: [2, 3, 5, 7], w: [4, 3, 1, 1] },
  { name: "1x1, stride 2", x: [2, 3, 5, 7], w: [4, 3, 1, 1], options: { stride: 2 } },
  { name: "1x1, stride 3, pixels left over", x: [1, 2, 6, 8], w: [3, 2, 1, 1], options: { stride: 3 } },
  { name: "1x1 of one pixel", x: [3, 2, 1, 1], w: [5, 2, 1, 1] },
  { name: "1x1 with more padding than kernel", x: [1, 2, 3, 4], w: [2, 2, 1, 1], options: { padding: 1 } },
  { name: "2x2, stride 3, gaps between windows", x: [1, 2, 8, 7], w: [2, 2, 2, 2], options: { stride: 3 } },
  { name: "3x3", x: [2, 3, 7, 5], w: [4, 3, 3, 3] },
  { name: "3x3, batch 1, channel 1", x: [1, 1, 5, 5], w: [1, 1, 3, 3] },
  { name: "3x3 as large as the picture", x: [2, 2, 3, 3], w: [3, 2, 3, 3] },
  { name: "3x3 larger than the picture", x: [2, 2, 2, 1], w: [3, 2, 3, 3], options: { padding: 1 } },
  { name: "3x3, padding 1", x: [2, 3, 7, 9], w: [4, 3, 3, 3], options: { padding: 1 } },
  { name: "3x3, padding 3", x: [1, 2, 4, 5], w: [2, 2, 3, 3], options: { padding: 3 } },
  { name: "3x3, stride 2, padding 1, odd", x: [2, 3, 9, 7], w: [4, 3, 3, 3], options: { stride: 2, padding: 1 } },
  { name: "3x3, stride 2, padding 1, even", x: [2, 3, 8, 6], w: [4, 3, 3, 3], options: { stride: 2, padding: 1 } },
  { name: "3x3, stride 3", x: [1, 2, 11, 10], w: [3, 2, 3, 3], options: { stride: 3 } },
  { name: "3x3, stride 3, padding 1", x: [1, 2, 11, 10], w: [3, 2, 3, 3], options: { stride: 3, padding: 1 } },
  { name: "3x3, stride 1 by 2", x: [2, 2, 5, 8], w: [3, 2, 3, 3], options: { stride: [1, 2], padding: 1 } },
  { name: "3x3, stride 2 by 1", x: [2, 2, 6, 5], w: [3, 2, 3, 3], options: { stride: [2, 1], padding: 1 } },
  { name: "3x3, padding different on all sides", x: [2, 2, 5, 6], w: [3, 2, 3, 3], options: { padding: [0, 1, 2, 3] } },
  {
    name: "3x3, stride 2, padding at the end only",
    x: [2, 2, 6, 8],
    w: [3, 2, 3, 3],
    options: { stride: 2, padding: [0, 0, 1, 1] },
  },
  { name: "3x3, dilation 2", x: [1, 2, 9, 7], w: [3, 2, 3, 3], options: { dilation: 2 } },
  { name: "3x3, dilation 2, padding 2", x: [1, 2, 5, 7], w: [3, 2, 3, 3], options: { dilation: 2, padding: 2 } },
  { name: "3x3, dilation 6, padding 6", x: [1, 2, 5, 7], w: [2, 2, 3, 3], options: { dilation: 6, padding: 6 } },
  {
    name: "3x3, dilation 1 by 2, stride 2 by 1",
    x: [1, 2, 7, 9],
    w: [3, 2, 3, 3],
    options: { dilation: [1, 2], stride: [2, 1], padding: [1, 2] },
  },
  {
    name: "3x3, dilation 3, stride 2",
    x: [1, 2, 11, 9],
    w: [2, 2, 3, 3],
    options: { dilation: 3, stride: 2, padding: 1 },
  },
  { name: "5x5, padding 2", x: [2, 2, 7, 5], w: [3, 2, 5, 5], options: { padding: 2 } },
  { name: "5x5, stride 3, padding 2", x: [1, 2, 9, 8], w: [2, 2, 5, 5], options: { stride: 3, padding: 2 } },
  { name: "1x7", x: [1, 3, 5, 9], w: [2, 3, 1, 7] },
  { name: "1x7, padding 0 by 3", x: [2, 2, 3, 5], w: [2, 2, 1, 7], options: { padding: [0, 3] } },
  { name: "7x1, stride 2, padding 3 by 0", x: [2, 2, 5, 3], w: [2, 2, 7, 1], options: { stride: 2, padding: [3, 0] } },
  // Channel counts, picture sizes and strides where a backend may go another way.
  { name: "16 to 32 channels, 3x3", x: [2, 16, 5, 7], w: [32, 16, 3, 3], options: { padding: 1 } },
  { name: "32 to 16 channels, 3x3, stride 2", x: [2, 32, 7, 5], w: [16, 32, 3, 3], options: { stride: 2, padding: 1 } },
  { name: "16 to 16 channels, 1x1, stride 2", x: [2, 16, 7, 5], w: [16, 16, 1, 1], options: { stride: 2 } },
  { name: "16 to 16 channels, 1x1", x: [3, 16, 3, 5], w: [16, 16, 1, 1] },
  { name: "8 to 24 channels, 3x3", x: [2, 8, 5, 3], w: [24, 8, 3, 3], options: { padding: 1 } },
  {
    name: "16 to 16 channels, 3x3, dilation 2",
    x: [1, 16, 5, 7],
    w: [16, 16, 3, 3],
    options: { dilation: 2, padding: 2 },
  },
  {
    name: "16 to 16 channels, 3x3, uneven padding",
    x: [1, 16, 4, 5],
    w: [16, 16, 3, 3],
    options: { padding: [2, 0, 1, 1] },
  },
  { name: "16 to 5 channels, 3x3", x: [2, 16, 5, 3], w: [5, 16, 3, 3], options: { padding: 1 } },
  { name: "3 to 17 channels, 3x3", x: [2, 3, 5, 7], w: [17, 3, 3, 3], options: { padding: 1 } },
  {
    name: "17 to 130 channels, 3x3, stride 2",
    x: [2, 17, 7, 5],
    w: [130, 17, 3, 3],
    options: { stride: 2, padding: 1 },
  },
  { name: "130 to 17 channels, 1x1 of one pixel", x: [3, 130, 1, 1], w: [17, 130, 1, 1] },
  { name: "130 to 3 channels, 3x3 of one pixel", x: [2, 130, 1, 1], w: [3, 130, 3, 3], options: { padding: 1 } },
  {
    name: "33 to 16 channels, 3x3, dilation 2",
    x: [2, 33, 9, 9],
    w: [16, 33, 3, 3],
    options: { dilation: 2, padding: 2 },
  },
  { name: "17x19 pictures, 3x3", x: [2, 2, 17, 19], w: [3, 2, 3, 3], options: { padding: 1 } },
  { name: "33x35 pictures, 3x3, stride 2", x: [2, 1, 33, 35], w: [2, 1, 3, 3], options: { stride: 2, padding: 1 } },
  { name: "17x19 pictures, 1x1", x: [2, 3, 17, 19], w: [2, 3, 1, 1] },
];

interface Geometry {
  readonly window: Window;
  readonly size: Pair;
  readonly kernel: Pair;
  /** Shape of the convolution's result. */
  readonly y: Shape;
}

function geometryOf({ name, x, w, options = {} }: Convolution): Geometry {
  const window = windowOf(options);
  const [size, kernel] = [x, w].map((shape) => shape.slice(2)) as unknown as [Pair, Pair];
  return { window, size, kernel, y: [x[0]!, w[0]!, ...convOutputSize(name, size, kernel, window)] };
}

export const linearCases: Cases<"matmul" | "conv2d" | "conv2dInputGradient" | "conv2dWeightGradient"> = {
  matmul: productCases,
  conv2d: convolutions.map(({ name, x, w, options }) => ({
    name,
    build: (inputs) => conv2d(inputs.floats(x), inputs.floats(w), options),
  })),
  conv2dInputGradient: convolutions.map((convolution) => {
    const { y, window, size } = geometryOf(convolution);
    return {
      name: convolution.name,
      build: (inputs) => conv2dInputGradient(inputs.floats(y), inputs.floats(convolution.w), window, size),
    };
  }),
  conv2dWeightGradient: convolutions.map((convolution) => {
    const { y, window, kernel } = geometryOf(convolution);
    return {
      name: convolution.name,
      build: (inputs) => conv2dWeightGradient(inputs.floats(convolution.x), inputs.floats(y), window, kernel),
    };
  }),
};
