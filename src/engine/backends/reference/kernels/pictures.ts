// Kernels of pooling, upsampling and batch normalisation.
import { type PoolWindow, type Shape, sizeOf } from "../../../graph.ts";
import type { Kernel, Kernels } from "./kernel.ts";
import { windowTaps } from "./taps.ts";

/** Visits every element of every pooling window as offsets into the pooled pictures and the pictures, windows in row order. */
function forEachPooled(
  pictures: Shape,
  pooled: Shape,
  window: PoolWindow,
  visit: (y: number, x: number) => void,
): void {
  const taps = windowTaps(pictures, pooled, window.kernel, { ...window, dilation: [1, 1] });
  const [xPlane, yPlane] = [pictures[2]! * pictures[3]!, pooled[2]! * pooled[3]!];
  for (let plane = 0; plane < pictures[0]! * pictures[1]!; plane++) {
    for (const tap of taps) visit(plane * yPlane + tap.out, plane * xPlane + tap.in);
  }
}

/** For each window the offset of its largest element, the first in row order among equals; NaN counts as the largest. */
function largestOfWindows(x: Float64Array, pictures: Shape, pooled: Shape, window: PoolWindow): Int32Array {
  const largest = new Int32Array(sizeOf(pooled)).fill(-1);
  forEachPooled(pictures, pooled, window, (y, i) => {
    const best = largest[y]!;
    if (best === -1 || x[i]! > x[best]! || Number.isNaN(x[i]!)) largest[y] = i;
  });
  return largest;
}

const maxPoolGradient: Kernel<"maxPoolGradient"> = (node, [x, dy]) => {
  const result = new Float64Array(x!.length);
  largestOfWindows(x!, node.shape, node.inputs[1]!.shape, node.attributes).forEach((i, y) => {
    result[i]! += dy![y]!;
  });
  return result;
};

/** How many elements the mean of each window is over. */
function windowCounts(pictures: Shape, pooled: Shape, window: PoolWindow & { countPadding: boolean }): Float64Array {
  const counts = new Float64Array(sizeOf(pooled));
  if (window.countPadding) return counts.fill(window.kernel[0] * window.kernel[1]);
  forEachPooled(pictures, pooled, window, (y) => {
    counts[y]! += 1;
  });
  return counts;
}

const averagePool: Kernel<"averagePool"> = (node, [x]) => {
  const { shape } = node.inputs[0]!;
  const sums = new Float64Array(sizeOf(node.shape));
  forEachPooled(shape, node.shape, node.attributes, (y, i) => {
    sums[y]! += x![i]!;
  });
  const counts = windowCounts(shape, node.shape, node.attributes);
  return sums.map((sum, y) => sum / counts[y]!);
};

const averagePoolGradient: Kernel<"averagePoolGradient"> = (node, [dy]) => {
  const pooled = node.inputs[0]!.shape;
  const result = new Float64Array(sizeOf(node.shape));
  const counts = windowCounts(node.shape, pooled, node.attributes);
  forEachPooled(node.shape, pooled, node.attributes, (y, i) => {
    result[i]! += dy![y]! / counts[y]!;
  });
  return result;
};

const upsampleNearest: Kernel<"upsampleNearest"> = (node, [x]) => {
  const { factor } = node.attributes;
  const [batch, channels, height, width] = node.shape as readonly [number, number, number, number];
  const [sourceHeight, sourceWidth] = [height / factor, width / factor];
  const result = new Float64Array(sizeOf(node.shape));
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const source = (plane * sourceHeight + Math.floor(row / factor)) * sourceWidth + Math.floor(column / factor);
        result[(plane * height + row) * width + column] = x![source]!;
      }
    }
  }
  return result;
};

/** The mean over batch, height and width of what `term` gives for each element, by channel. */
function meanPerChannel(pictures: Shape, term: (i: number, channel: number) => number): Float64Array {
  const [batch, channels, height, width] = pictures as readonly [number, number, number, number];
  const plane = height * width;
  const sums = new Float64Array(channels);
  for (let i = 0; i < batch * channels * plane; i++) {
    const channel = Math.floor(i / plane) % channels;
    sums[channel]! += term(i, channel);
  }
  return sums.map((sum) => sum / (batch * plane));
}

const batchMoments: Kernel<"batchMoments"> = (node, [x]) => {
  const { shape } = node.inputs[0]!;
  const mean = meanPerChannel(shape, (i) => x![i]!);
  const variance = meanPerChannel(shape, (i, channel) => (x![i]! - mean[channel]!) ** 2);
  return Float64Array.of(...mean, ...variance);
};

const normalise: Kernel<"normalise"> = (node, [x, mean, variance, scale, shift]) => {
  const channels = node.shape[1]!;
  const plane = sizeOf(node.shape.slice(2));
  return x!.map((value, i) => {
    const c = Math.floor(i / plane) % channels;
    const deviation = Math.sqrt(variance![c]! + node.attributes.epsilon);
    return (scale![c]! * (value - mean![c]!)) / deviation + shift![c]!;
  });
};

export const pictureKernels: Kernels<
  | "maxPool"
  | "maxPoolGradient"
  | "averagePool"
  | "averagePoolGradient"
  | "upsampleNearest"
  | "batchMoments"
  | "normalise"
> = {
  maxPool: (node, [x]) => {
    const largest = largestOfWindows(x!, node.inputs[0]!.shape, node.shape, node.attributes);
    return Float64Array.from(largest, (i) => x![i]!);
  },
  maxPoolGradient,
  averagePool,
  averagePoolGradient,
  upsampleNearest,
  batchMoments,
  normalise,
};
