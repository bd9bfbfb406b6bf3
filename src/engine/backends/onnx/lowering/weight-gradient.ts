// The gradient of a convolution with respect to its kernel,
//   dw[o, i, y, x] = sum over batch and places of dy[o, place] * picture[i, place * stride + (y, x)],
// as one large matrix product, which is what the ONNX Runtime does fastest.
// With stride 1 the sum separates: pictures moved by every x beside each other, gradients moved back by every y beside each
// other, and their product holds all (y, x) at once: height + width moved copies in place of height * width.
import type { Node, Pair, Window } from "../../../graph.ts";
import type { OnnxWriter } from "../writer.ts";
import { emitPad, emitReshape } from "./layout.ts";
import type { Lowering } from "./lowering.ts";

/** Sizes of one weight gradient and how its pictures lie in memory. */
interface Geometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly size: Pair;
  readonly outSize: Pair;
  readonly kernel: Pair;
  readonly window: Window;
  readonly layout: Layout;
}

/**
 * `pictures` [batch, channels, height, width]: products item by item, then added up. `rows` [batch, height, width,
 * channels]: one product over all places. Small pictures are quicker as rows: products over few places are slow, and one
 * per item leaves much to add up.
 */
type Layout = {
  readonly kind: "pictures" | "rows";
  readonly channels: number;
  readonly height: number;
  readonly width: number;
};
const pictures: Layout = { kind: "pictures", channels: 1, height: 2, width: 3 };
const rows: Layout = { kind: "rows", height: 1, width: 2, channels: 3 };
const leastPlacesOfPictures = 256;

export const conv2dWeightGradient: Lowering<"conv2dWeightGradient"> = (node, inputs, { writer }) => {
  const [x, dy] = node.inputs as readonly [Node, Node];
  const outSize: Pair = [dy.shape[2]!, dy.shape[3]!];
  const geometry: Geometry = {
    batch: x.shape[0]!,
    inChannels: x.shape[1]!,
    outChannels: dy.shape[1]!,
    size: [x.shape[2]!, x.shape[3]!],
    outSize,
    kernel: node.attributes.kernel,
    window: node.attributes,
    layout: outSize[0] * outSize[1] >= leastPlacesOfPictures ? pictures : rows,
  };
  const [laidX, laidDy] = inputs.map((name) => lay(writer, name, geometry.layout)) as [string, string];
  const separable = node.attributes.stride[0] === 1;
  return (separable ? separated : gathered)(writer, laidX, laidDy, geometry);
};

function lay(writer: OnnxWriter, x: string, layout: Layout): string {
  return layout.kind === "pictures" ? x : writer.emit("Transpose", [x], { perm: [0, 2, 3, 1] });
}

function separated(writer: OnnxWriter, x: string, dy: string, g: Geometry): string {
  const [kernelHeight, kernelWidth] = g.kernel;
  const { channels, height, width } = g.layout;
  const columns = range(kernelWidth).map((at) => {
    const start = at * g.window.dilation[1] - g.window.padding[1];
    return moved(writer, x, width, start, g.size[1], g.outSize[1], g.window.stride[1]);
  });
  const lines = range(kernelHeight).map((at) => {
    const start = g.window.padding[0] - at * g.window.dilation[0];
    return moved(writer, dy, height, start, g.outSize[0], g.size[0], 1);
  });
  const product = sumOfProducts(writer, g.layout, joined(writer, lines, channels), joined(writer, columns, channels), {
    batch: g.batch,
    places: g.size[0] * g.outSize[1],
    rows: kernelHeight * g.outChannels,
    columns: kernelWidth * g.inChannels,
  });
  const split = emitReshape(writer, product, [kernelHeight, g.outChannels, kernelWidth, g.inChannels]);
  return writer.emit("Transpose", [split], { perm: [1, 3, 0, 2] });
}

function gathered(writer: OnnxWriter, x: string, dy: string, g: Geometry): string {
  const [kernelHeight, kernelWidth] = g.kernel;
  const { stride, padding, dilation } = g.window;
  const { channels, height, width } = g.layout;
  const windows = range(kernelHeight).flatMap((y) => {
    const lines = moved(writer, x, height, y * dilation[0] - padding[0], g.size[0], g.outSize[0], stride[0]);
    return range(kernelWidth).map((at) =>
      moved(writer, lines, width, at * dilation[1] - padding[1], g.size[1], g.outSize[1], stride[1]),
    );
  });
  const product = sumOfProducts(writer, g.layout, dy, joined(writer, windows, channels), {
    batch: g.batch,
    places: g.outSize[0] * g.outSize[1],
    rows: g.outChannels,
    columns: kernelHeight * kernelWidth * g.inChannels,
  });
  const split = emitReshape(writer, product, [g.outChannels, kernelHeight, kernelWidth, g.inChannels]);
  return writer.emit("Transpose", [split], { perm: [0, 3, 1, 2] });
}

/**
 * `count` entries of `axis` (of extent `extent`): those at start, start + stride, ...; zeros where that is outside. One
 * padding operation, since its amounts may be negative.
 */
function moved(
  writer: OnnxWriter,
  x: string,
  axis: number,
  start: number,
  extent: number,
  count: number,
  stride: number,
): string {
  const end = start + (count - 1) * stride + 1;
  const along = (n: number) => range(4).map((i) => (i === axis ? n : 0));
  if (stride === 1) return emitPad(writer, x, along(-start), along(end - extent));
  const padded = emitPad(writer, x, along(Math.max(0, -start)), along(Math.max(0, end - extent)));
  const from = Math.max(0, start);
  const bounds = [from, from + end - start, axis, stride].map((n) => writer.integers([n]));
  return writer.emit("Slice", [padded, ...bounds]);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function joined(writer: OnnxWriter, parts: readonly string[], axis: number): string {
  return parts.length === 1 ? parts[0]! : writer.emit("Concat", parts, { axis });
}

interface ProductShape {
  readonly batch: number;
  readonly places: number;
  readonly rows: number;
  readonly columns: number;
}

/** [rows, columns]: sum over batch and places of a[row, place] * b[column, place]. */
function sumOfProducts(writer: OnnxWriter, layout: Layout, a: string, b: string, shape: ProductShape): string {
  const { batch, places } = shape;
  if (layout.kind === "rows") {
    const flat = (name: string, columns: number) => emitReshape(writer, name, [batch * places, columns]);
    return writer.emit("Gemm", [flat(a, shape.rows), flat(b, shape.columns)], { transA: 1 });
  }
  const perItem = (name: string, rows: number) => emitReshape(writer, name, [batch, rows, places]);
  const operands = [perItem(a, shape.rows), perItem(b, shape.columns)];
  const each = writer.emit("FusedMatMul", operands, { transB: 1 }, "com.microsoft");
  return writer.emit("ReduceSum", [each, writer.integers([0])], { keepdims: 0 });
}
