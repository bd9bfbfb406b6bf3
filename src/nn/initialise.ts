// Start values of parameters. Each is a function of the shape and a random stream of its own.
import type { Random } from "../core/random.ts";
import { type Shape, sizeOf } from "../engine/index.ts";

export type Initialiser = (shape: Shape, random: Random) => Float32Array;

export function fill(value: number): Initialiser {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

/** Normal with variance 2 / (out * kernel height * kernel width), for kernels before a relu (He et al. 2015, backward case). */
export const heNormal: Initialiser = (shape, random) => {
  const [out, , ...kernel] = shape;
  const deviation = Math.sqrt(2 / (out! * sizeOf(kernel)));
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
};

/** Uniform with variance 2 / (inputs + outputs) (Glorot & Bengio 2010), for kernels with no relu behind them. */
export const glorotUniform: Initialiser = (shape, random) => {
  const [out, inputs, ...kernel] = shape;
  const bound = Math.sqrt(6 / ((out! + inputs!) * sizeOf(kernel)));
  return Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * random.next() - 1));
};

/** Uniform within +-1 / sqrt(inputs), the customary start of fully connected layers, for weights and biases alike. */
export function uniformByInputs(inputs: number): Initialiser {
  const bound = 1 / Math.sqrt(inputs);
  return (shape, random) => Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * random.next() - 1));
}
