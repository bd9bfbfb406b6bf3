// Kernels of the matrix product, the convolution and its two gradients.
import { type Shape, sizeOf, type Window } from "../../../graph.ts";
import type { Kernel, Kernels } from "./kernel.ts";
import { windowTaps } from "./taps.ts";

const matmul: Kernel<"matmul"> = (node, [a, b]) => {
  const { transposeA, transposeB } = node.attributes;
  const [n, m] = node.shape.slice(-2) as [number, number];
  const k = node.inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  const [aRow, aColumn] = transposeA ? [1, n] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [m, 1];
  const batch = sizeOf(node.shape) / (n * m);
  const sharedB = node.inputs[1]!.shape.length < node.shape.length;
  const result = new Float64Array(batch * n * m);
  for (let matrix = 0; matrix < batch; matrix++) {
    const aStart = matrix * n * k;
    const bStart = sharedB ? 0 : matrix * k * m;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          sum += a![aStart + i * aRow + l * aColumn]! * b![bStart + l * bRow + j * bColumn]!;
        }
        result[(matrix * n + i) * m + j] = sum;
      }
    }
  }
  return result;
};

/**
 * Visits every product x[i] * w[j] that a convolution adds to y[k], as the offsets k, i, j. The convolution and both
 * gradients are sums over the same products.
 */
function forEachProduct(
  x: Shape,
  w: Shape,
  y: Shape,
  window: Window,
  visit: (y: number, x: number, w: number) => void,
): void {
  const [batch, into, height, width] = x as readonly [number, number, number, number];
  const out = w[0]!;
  const [xPlane, wPlane, yPlane] = [height * width, w[2]! * w[3]!, y[2]! * y[3]!];
  const taps = windowTaps(x, y, w, window);
  for (let item = 0; item < batch; item++) {
    for (let o = 0; o < out; o++) {
      for (let i = 0; i < into; i++) {
        const [yStart, xStart, wStart] = [
          (item * out + o) * yPlane,
          (item * into + i) * xPlane,
          (o * into + i) * wPlane,
        ];
        for (const tap of taps) visit(yStart + tap.out, xStart + tap.in, wStart + tap.kernel);
      }
    }
  }
}

export const linearKernels: Kernels<"matmul" | "conv2d" | "conv2dInputGradient" | "conv2dWeightGradient"> = {
  matmul,
  conv2d: (node, [x, w]) => {
    const result = new Float64Array(sizeOf(node.shape));
    const [pictures, kernels] = node.inputs;
    forEachProduct(pictures!.shape, kernels!.shape, node.shape, node.attributes, (k, i, j) => {
      result[k]! += x![i]! * w![j]!;
    });
    return result;
  },
  conv2dInputGradient: (node, [dy, w]) => {
    const result = new Float64Array(sizeOf(node.shape));
    const [gradient, kernels] = node.inputs;
    forEachProduct(node.shape, kernels!.shape, gradient!.shape, node.attributes, (k, i, j) => {
      result[i]! += dy![k]! * w![j]!;
    });
    return result;
  },
  conv2dWeightGradient: (node, [x, dy]) => {
    const result = new Float64Array(sizeOf(node.shape));
    const [pictures, gradient] = node.inputs;
    forEachProduct(pictures!.shape, node.shape, gradient!.shape, node.attributes, (k, i, j) => {
      result[j]! += dy![k]! * x![i]!;
    });
    return result;
  },
};
