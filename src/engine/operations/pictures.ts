// Pooling, upsampling and batch normalisation of pictures [batch, channels, height, width].
import { ShapeError } from "../errors.ts";
import { describe, makeNode, type Node, type Padding, type Pair, type PoolWindow } from "../graph.ts";
import { convOutputSize, paddingOf, pairOf } from "./linear.ts";

export interface PoolOptions {
  readonly kernel: number | Pair;
  /** The kernel when left out. */
  readonly stride?: number | Pair;
  readonly padding?: number | Pair | Padding;
}

function poolWindow(options: PoolOptions): PoolWindow {
  return {
    kernel: pairOf(options.kernel),
    stride: pairOf(options.stride ?? options.kernel),
    padding: paddingOf(options.padding ?? 0),
  };
}

function pooledShape(operation: string, x: Node, window: PoolWindow): number[] {
  if (x.shape.length !== 4 || x.dtype !== "float32")
    throw new ShapeError(operation, `needs pictures, got ${describe(x)}`);
  const size: Pair = [x.shape[2]!, x.shape[3]!];
  if (window.padding.some((n, side) => n >= window.kernel[side % 2]!)) {
    throw new ShapeError(operation, `padding [${window.padding}] must be smaller than the kernel [${window.kernel}]`);
  }
  return [x.shape[0]!, x.shape[1]!, ...convOutputSize(operation, size, window.kernel, { ...window, dilation: [1, 1] })];
}

/** The largest of each window; padding never wins. Among equals the first in row order has the gradient. */
export function maxPool(x: Node, options: PoolOptions): Node {
  const window = poolWindow(options);
  return makeNode("maxPool", [x], window, pooledShape("maxPool", x, window));
}

/** Gradient of `maxPool`: `dy` goes to where each window of `x` had its largest. */
export function maxPoolGradient(x: Node, dy: Node, window: PoolWindow): Node {
  return makeNode("maxPoolGradient", [x, dy], window, x.shape);
}

/** The mean of each window; with `countPadding` zeros of the padding count as elements, else they are left out. */
export function averagePool(x: Node, options: PoolOptions & { readonly countPadding?: boolean }): Node {
  const window = poolWindow(options);
  const attributes = { ...window, countPadding: options.countPadding ?? false };
  return makeNode("averagePool", [x], attributes, pooledShape("averagePool", x, window));
}

/** Gradient of `averagePool` for pictures of height and width `inputSize`. */
export function averagePoolGradient(dy: Node, window: PoolWindow & { countPadding: boolean }, inputSize: Pair): Node {
  const shape = [dy.shape[0]!, dy.shape[1]!, ...inputSize];
  return makeNode("averagePoolGradient", [dy], { ...window, inputSize }, shape);
}

/** Every pixel repeated `factor` times in both directions. */
export function upsampleNearest(x: Node, factor: number): Node {
  if (x.shape.length !== 4 || !Number.isInteger(factor) || factor < 1) {
    throw new ShapeError("upsampleNearest", `factor ${factor} of ${describe(x)}`);
  }
  const [n, c, h, w] = x.shape as readonly [number, number, number, number];
  return factor === 1 ? x : makeNode("upsampleNearest", [x], { factor }, [n, c, h * factor, w * factor]);
}

/** Mean and population variance of each channel over batch, height and width: [2, channels]. */
export function batchMoments(x: Node): Node {
  if (x.shape.length !== 4) throw new ShapeError("batchMoments", `needs pictures, got ${describe(x)}`);
  return makeNode("batchMoments", [x], {}, [2, x.shape[1]!]);
}

/**
 * scale * (x - mean) / sqrt(variance + epsilon) + shift for each channel; the last four are [channels].
 * With `batchMoments` of `x` this is batch normalisation in training (Ioffe & Szegedy 2015), with running statistics
 * the one for inference.
 */
export function normalise(x: Node, mean: Node, variance: Node, scale: Node, shift: Node, epsilon: number): Node {
  for (const perChannel of [mean, variance, scale, shift]) {
    if (perChannel.shape.length !== 1 || perChannel.shape[0] !== x.shape[1]) {
      throw new ShapeError("normalise", `${describe(perChannel)} does not fit the channels of ${describe(x)}`);
    }
  }
  return makeNode("normalise", [x, mean, variance, scale, shift], { epsilon }, x.shape);
}
