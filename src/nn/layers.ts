// Layers with parameters. Names within a layer are torchvision's (`weight`, `bias`, `running_mean`, `running_var`).
import {
  add,
  batchMoments,
  conv2d,
  div,
  matmul,
  mul,
  type Node,
  normalise,
  reshape,
  sliceAxis,
  sqrt,
  square,
  sum,
} from "../engine/index.ts";
import type { ModelBuilder } from "./builder.ts";
import { fill, heNormal, type Initialiser, uniformByInputs } from "./initialise.ts";

export interface ConvolutionOptions {
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
  /** How the kernel starts; for a relu behind it unless given. */
  readonly initialise?: Initialiser;
}

/** Convolution without bias; x [batch, in, height, width]. */
export function convolution(b: ModelBuilder, x: Node, options: ConvolutionOptions): Node {
  const { out, kernel, stride = 1, padding = 0, dilation = 1, initialise = heNormal } = options;
  const weight = b.parameter("weight", [out, x.shape[1]!, kernel, kernel], initialise);
  return conv2d(x, weight, { stride, padding, dilation });
}

/** The same with a bias per channel, which starts at 0. */
export function biasedConvolution(b: ModelBuilder, x: Node, options: ConvolutionOptions): Node {
  const result = convolution(b, x, options);
  return add(result, reshape(b.parameter("bias", [options.out], fill(0)), [1, options.out, 1, 1]));
}

/** Keeps a length per position from becoming 0. */
const leastSquare = 1e-10;

/** Vectors over the channels brought to length 1, then scaled by a learned factor per channel that starts at `scale`. */
export function channelNormalisation(b: ModelBuilder, x: Node, scale: number): Node {
  const channels = x.shape[1]!;
  const length = sqrt(add(sum(square(x), { axes: [1], keepDims: true }), leastSquare));
  return mul(div(x, length), reshape(b.parameter("weight", [channels], fill(scale)), [1, channels, 1, 1]));
}

const epsilon = 1e-5;
/** Share of the batch's statistics in the running ones at every step. */
const statisticsMomentum = 0.1;

/**
 * Batch normalisation (Ioffe & Szegedy 2015). In training the batch's own mean and population variance normalise, and
 * the running statistics follow, the variance with the factor n / (n - 1), as in PyTorch.
 */
export function batchNormalisation(b: ModelBuilder, x: Node): Node {
  const channels = x.shape[1]!;
  const scale = b.parameter("weight", [channels], fill(1));
  const shift = b.parameter("bias", [channels], fill(0));
  const runningMean = b.buffer("running_mean", [channels], fill(0));
  const runningVariance = b.buffer("running_var", [channels], fill(1));
  if (b.mode !== "train") return normalise(x, runningMean, runningVariance, scale, shift, epsilon);
  const moments = batchMoments(x);
  const [mean, variance] = [0, 1].map((row) => reshape(sliceAxis(moments, 0, row, row + 1), [channels])) as [
    Node,
    Node,
  ];
  const count = x.shape[0]! * x.shape[2]! * x.shape[3]!;
  b.update("running_mean", blend(runningMean, mean));
  b.update("running_var", blend(runningVariance, mul(variance, count / Math.max(1, count - 1))));
  return normalise(x, mean, variance, scale, shift, epsilon);
}

function blend(old: Node, seen: Node): Node {
  return add(mul(old, 1 - statisticsMomentum), mul(seen, statisticsMomentum));
}

/** Fully connected layer; x [batch, in] gives [batch, out]. */
export function linear(b: ModelBuilder, x: Node, out: number): Node {
  const inputs = x.shape[1]!;
  const weight = b.parameter("weight", [out, inputs], uniformByInputs(inputs));
  const bias = b.parameter("bias", [out], uniformByInputs(inputs));
  return add(matmul(x, weight, { transposeB: true }), bias);
}
