// Convolution and its two gradients in ONNX. The ONNX Runtime has no gradient kernels, so they are written with what it
// does fast: the input gradient as a convolution with the kernel turned round, the weight gradient as one large product.
import type { Node, NodeOf, Pair, Window } from "../../../graph.ts";
import type { OnnxWriter } from "../writer.ts";
import type { Lowering, Lowerings } from "./index.ts";
import { emitPad, emitReshape, emitReverse, emitSlice } from "./layout.ts";

const conv2d: Lowering<"conv2d"> = (node, inputs, { writer }) => {
  const { stride, padding, dilation } = node.attributes;
  const kernel = node.inputs[1]!.shape.slice(2);
  return writer.emit("Conv", inputs, {
    kernel_shape: kernel,
    strides: stride,
    pads: padding,
    dilations: dilation,
  });
};

/** Padding of the convolution that is the input gradient of a convolution of stride 1. */
function turnedPadding(kernel: Pair, window: Window): number[] {
  return window.padding.map((n, side) => window.dilation[side % 2]! * (kernel[side % 2]! - 1) - n);
}

const conv2dInputGradient: Lowering<"conv2dInputGradient"> = (node, inputs, { writer }) => {
  const { stride, dilation } = node.attributes;
  const kernel = node.inputs[1]!.shape.slice(2) as unknown as Pair;
  const pads = turnedPadding(kernel, node.attributes);
  const unit = stride[0] === 1 && stride[1] === 1;
  if (!unit || pads.some((n) => n < 0)) return transposedConvolution(node, inputs, writer, kernel);
  const turned = kernel[0] * kernel[1] === 1 ? inputs[1]! : emitReverse(writer, inputs[1]!, [2, 3]);
  const swapped = writer.emit("Transpose", [turned], { perm: [1, 0, 2, 3] });
  return writer.emit("Conv", [inputs[0]!, swapped], { kernel_shape: kernel, pads, dilations: dilation });
};

function transposedConvolution(
  node: NodeOf<"conv2dInputGradient">,
  inputs: readonly string[],
  writer: OnnxWriter,
  kernel: Pair,
): string {
  const { stride, padding, dilation, inputSize } = node.attributes;
  const dy = node.inputs[0]!.shape;
  const output_padding = [0, 1].map((axis) => {
    const reached = stride[axis]! * (dy[axis + 2]! - 1) + dilation[axis]! * (kernel[axis]! - 1) + 1;
    return inputSize[axis]! - (reached - padding[axis]! - padding[axis + 2]!);
  });
  return writer.emit("ConvTranspose", inputs, {
    kernel_shape: kernel,
    strides: stride,
    pads: padding,
    dilations: dilation,
    output_padding,
  });
}

/** Where windows of a kernel lie over pictures, for the formulations of the weight gradient. */
interface Geometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly size: Pair;
  readonly outSize: Pair;
  readonly kernel: Pair;
  readonly window: Window;
}

/**
 * The weight gradient, dw[o, i, y, x] = sum over batch and places of dy[o, place] * picture[i, place + (y, x)].
 * With stride 1 the sum separates: pictures shifted by every x beside each other, gradients shifted back by every y beside
 * each other, and one product of the two gives all (y, x) at once; kernel height + width shifted copies in place of
 * height * width. With other strides the pictures are shifted by every (y, x).
 */
const conv2dWeightGradient: Lowering<"conv2dWeightGradient"> = (node, inputs, { writer }) => {
  const [x, dy] = node.inputs as readonly [Node, Node];
  const geometry: Geometry = {
    batch: x.shape[0]!,
    inChannels: x.shape[1]!,
    outChannels: dy.shape[1]!,
    size: [x.shape[2]!, x.shape[3]!],
    outSize: [dy.shape[2]!, dy.shape[3]!],
    kernel: node.attributes.kernel,
    window: node.attributes,
  };
  const separable = node.attributes.stride[0] === 1;
  return separable
    ? separatedWeightGradient(writer, inputs, geometry)
    : gatheredWeightGradient(writer, inputs, geometry);
};

/** Pictures padded by the window's padding on both axes, and beyond it where the last window leaves nothing over. */
function paddedPictures(writer: OnnxWriter, x: string, window: Window, axes: "both" | "width"): [string, number[]] {
  const [top, left, bottom, right] = window.padding;
  const vertical = axes === "both" ? [top, bottom] : [0, 0];
  return [
    emitPad(writer, x, [0, 0, vertical[0]!, left], [0, 0, vertical[1]!, right]),
    [vertical[0]! + vertical[1]!, left + right],
  ];
}

function separatedWeightGradient(writer: OnnxWriter, inputs: readonly string[], g: Geometry): string {
  const [kernelHeight, kernelWidth] = g.kernel;
  const [padded, [, extraWidth]] = paddedPictures(writer, inputs[0]!, g.window, "width") as [string, [number, number]];
  const pictureShape = [g.batch, g.inChannels, g.size[0], g.size[1] + extraWidth];
  const columns = shifts(kernelWidth).map((at) =>
    shifted(writer, padded, pictureShape, 3, at * g.window.dilation[1], g.outSize[1], g.window.stride[1]),
  );
  const rows = shifts(kernelHeight).map((at) => shiftedBack(writer, inputs[1]!, g, at));
  const pictures = joinChannels(writer, columns);
  const gradients = joinChannels(writer, rows);
  const product = sumOfProducts(writer, gradients, pictures, {
    batch: g.batch,
    places: g.size[0] * g.outSize[1],
    rows: kernelHeight * g.outChannels,
    columns: kernelWidth * g.inChannels,
  });
  const split = emitReshape(writer, product, [kernelHeight, g.outChannels, kernelWidth, g.inChannels]);
  return writer.emit("Transpose", [split], { perm: [1, 3, 0, 2] });
}

/** Gradients moved down by the row `at` of the kernel, onto the rows of the pictures they came from. */
function shiftedBack(writer: OnnxWriter, dy: string, g: Geometry, at: number): string {
  const down = at * g.window.dilation[0] - g.window.padding[0];
  const [height, outHeight] = [g.size[0], g.outSize[0]];
  const from = Math.max(0, -down);
  const to = Math.min(outHeight, height - down);
  const shape = [g.batch, g.outChannels, outHeight, g.outSize[1]];
  if (to <= from) {
    const zeros = writer.scalar(0);
    return writer.emit("Expand", [zeros, writer.integers([g.batch, g.outChannels, height, g.outSize[1]])]);
  }
  const kept = emitSlice(writer, dy, shape, [0, 0, from, 0], [g.batch, g.outChannels, to, g.outSize[1]]);
  return emitPad(writer, kept, [0, 0, from + down, 0], [0, 0, height - to - down, 0]);
}

function gatheredWeightGradient(writer: OnnxWriter, inputs: readonly string[], g: Geometry): string {
  const [kernelHeight, kernelWidth] = g.kernel;
  const [padded, [extraHeight, extraWidth]] = paddedPictures(writer, inputs[0]!, g.window, "both") as [
    string,
    [number, number],
  ];
  const shape = [g.batch, g.inChannels, g.size[0] + extraHeight, g.size[1] + extraWidth];
  const windows = shifts(kernelHeight).flatMap((y) => {
    const lines = shifted(writer, padded, shape, 2, y * g.window.dilation[0], g.outSize[0], g.window.stride[0]);
    const lineShape = [shape[0]!, shape[1]!, g.outSize[0], shape[3]!];
    return shifts(kernelWidth).map((x) =>
      shifted(writer, lines, lineShape, 3, x * g.window.dilation[1], g.outSize[1], g.window.stride[1]),
    );
  });
  const product = sumOfProducts(writer, inputs[1]!, joinChannels(writer, windows), {
    batch: g.batch,
    places: g.outSize[0] * g.outSize[1],
    rows: g.outChannels,
    columns: kernelHeight * kernelWidth * g.inChannels,
  });
  const split = emitReshape(writer, product, [g.outChannels, kernelHeight, kernelWidth, g.inChannels]);
  return writer.emit("Transpose", [split], { perm: [0, 3, 1, 2] });
}

/** `count` entries of `axis` from `start` by `stride`. */
function shifted(
  writer: OnnxWriter,
  x: string,
  shape: readonly number[],
  axis: number,
  start: number,
  count: number,
  stride: number,
): string {
  const end = start + (count - 1) * stride + 1;
  return emitSlice(
    writer,
    x,
    shape,
    shape.map((_, i) => (i === axis ? start : 0)),
    shape.map((extent, i) => (i === axis ? end : extent)),
    shape.map((_, i) => (i === axis ? stride : 1)),
  );
}

function shifts(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function joinChannels(writer: OnnxWriter, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : writer.emit("Concat", parts, { axis: 1 });
}

interface ProductShape {
  readonly batch: number;
  readonly places: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * [rows, columns]: sum over batch and places of a[batch, rows, place] * b[batch, columns, place]. Wide pictures are
 * multiplied item by item as they lie and added up; small ones are first turned to [batch * places, channels], since
 * products of few places are slow and many of them leave much to add up.
 */
function sumOfProducts(writer: OnnxWriter, a: string, b: string, shape: ProductShape): string {
  const { batch, places, rows, columns } = shape;
  if (places >= 256) {
    const left = emitReshape(writer, a, [batch, rows, places]);
    const right = emitReshape(writer, b, [batch, columns, places]);
    const each = writer.emit("FusedMatMul", [left, right], { transB: 1 }, "com.microsoft");
    return writer.emit("ReduceSum", [each, writer.integers([0])], { keepdims: 0 });
  }
  const flat = (name: string, channels: number) => {
    const split = emitReshape(writer, name, [batch, channels, places]);
    return emitReshape(writer, writer.emit("Transpose", [split], { perm: [0, 2, 1] }), [batch * places, channels]);
  };
  return writer.emit("Gemm", [flat(a, rows), flat(b, columns)], { transA: 1 });
}

export const convolutionLowerings: Lowerings<"conv2d" | "conv2dInputGradient" | "conv2dWeightGradient"> = {
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
};
