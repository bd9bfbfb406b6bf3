// All operations by name.
export * from "./elementwise.ts";
export * from "./layout.ts";
export { constant, filled, input, scalar, state } from "./leaves.ts";
export {
  type ConvOptions,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  type MatmulOptions,
  matmul,
} from "./linear.ts";
export * from "./pictures.ts";
export { logSoftmax, max, mean, type ReduceOptions, rank, sum } from "./reduce.ts";
