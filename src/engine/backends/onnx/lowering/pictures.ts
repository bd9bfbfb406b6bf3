// Pooling, upsampling and batch normalisation in ONNX.
import type { Node, NodeOf, PoolWindow } from "../../../graph.ts";
import type { OnnxWriter } from "../writer.ts";
import { emitReshape } from "./layout.ts";
import type { Lowerer, Lowering, Lowerings, TrainedNormalisation } from "./lowering.ts";

function poolAttributes(window: PoolWindow): Record<string, readonly number[]> {
  return { kernel_shape: window.kernel, strides: window.stride, pads: window.padding };
}

/** The places of the largest come from MaxPool itself, as positions in the whole tensor. */
const maxPoolGradient: Lowering<"maxPoolGradient"> = (node, inputs, { writer }) => {
  const count = node.shape.reduce((product, extent) => product * extent, 1);
  const [, places] = writer.emitMany("MaxPool", [inputs[0]!], 2, poolAttributes(node.attributes));
  const zeros = writer.emit("Expand", [writer.scalar(0), writer.integers([count])]);
  const flat = (name: string) => emitReshape(writer, name, [-1]);
  const sum = writer.emit("ScatterElements", [zeros, flat(places!), flat(inputs[1]!)], { axis: 0, reduction: "add" });
  return emitReshape(writer, sum, node.shape);
};

/** Every window's gradient, divided by the elements of the window, spread by a transposed convolution with ones. */
const averagePoolGradient: Lowering<"averagePoolGradient"> = (node, inputs, { writer }) => {
  const { kernel, stride, padding, inputSize } = node.attributes;
  const dy = node.inputs[0]!.shape;
  const channels = dy[1]!;
  const counts = writer.constant(windowCounts(node), [1, 1, dy[2]!, dy[3]!]);
  const ones = writer.constant(new Float32Array(channels * kernel[0] * kernel[1]).fill(1), [channels, 1, ...kernel]);
  const output_padding = [0, 1].map((axis) => {
    const reached = stride[axis]! * (dy[axis + 2]! - 1) + kernel[axis]! - padding[axis]! - padding[axis + 2]!;
    return inputSize[axis]! - reached;
  });
  return writer.emit("ConvTranspose", [writer.emit("Div", [inputs[0]!, counts]), ones], {
    ...poolAttributes(node.attributes),
    group: channels,
    output_padding,
  });
};

/** How many elements each window of an average pooling counts. */
function windowCounts(node: NodeOf<"averagePoolGradient">): Float32Array {
  const { kernel, stride, padding, inputSize, countPadding } = node.attributes;
  const [, , height, width] = node.inputs[0]!.shape as readonly [number, number, number, number];
  const along = (axis: 0 | 1, at: number) => {
    const start = at * stride[axis] - padding[axis];
    const low = countPadding ? start : Math.max(0, start);
    const limit = inputSize[axis] + (countPadding ? padding[axis + 2]! : 0);
    return Math.min(start + kernel[axis], limit) - low;
  };
  return Float32Array.from({ length: height * width }, (_, i) => along(0, Math.floor(i / width)) * along(1, i % width));
}

/** The moments that `normalise` takes when it normalises by the batch's own statistics, else undefined. */
function ownMoments(node: NodeOf<"normalise">): Node | undefined {
  const [x, mean, variance] = node.inputs as readonly [Node, Node, Node];
  const from = momentSource(mean, 0);
  return from !== undefined && from === momentSource(variance, 1) && from.inputs[0] === x ? from : undefined;
}

/** The `batchMoments` whose row `row` this node is. */
function momentSource(node: Node, row: number): Node | undefined {
  const sliced = node.op === "reshape" ? node.inputs[0]! : undefined;
  if (sliced?.op !== "slice" || sliced.attributes.starts[0] !== row || sliced.shape[0] !== 1) return undefined;
  const source = sliced.inputs[0]!;
  return source.op === "batchMoments" ? source : undefined;
}

/** The `normalise` that uses these moments of its own input: both are one BatchNormalization in training mode. */
function normaliserOf(moments: Node, lowerer: Lowerer): NodeOf<"normalise"> | undefined {
  const users = lowerer.usersOf(moments.inputs[0]!);
  const found = users.find((user) => user.op === "normalise" && ownMoments(user) === moments);
  return found as NodeOf<"normalise"> | undefined;
}

/**
 * BatchNormalization in training mode gives the normalised values and blends the old statistics with the batch's: with
 * momentum 0 the batch's mean and population variance themselves. The runtime writes them over the old statistics, and
 * merges small constants that are equal: so each is a constant of a value of its own.
 */
export function emitTrainedNormalisation(moments: Node, lowerer: Lowerer): TrainedNormalisation {
  const { writer } = lowerer;
  const x = moments.inputs[0]!;
  const channels = moments.shape[1]!;
  const normaliser = normaliserOf(moments, lowerer);
  const plain = (value: number) => writer.constant(new Float32Array(channels).fill(value), [channels]);
  const scale = normaliser === undefined ? plain(1) : lowerer.valueOf(normaliser.inputs[3]!);
  const shift = normaliser === undefined ? plain(0) : lowerer.valueOf(normaliser.inputs[4]!);
  const oldStatistics = [0, 1].map(() => plain(writer.uniqueNumber()));
  const [normalised, mean, variance] = writer.emitMany(
    "BatchNormalization",
    [lowerer.valueOf(x), scale, shift, ...oldStatistics],
    3,
    { training_mode: 1, momentum: { float: 0 }, epsilon: { float: normaliser?.attributes.epsilon ?? 1e-5 } },
  );
  const row = (name: string) => emitReshape(writer, name, [1, channels]);
  return {
    normalised: normalised!,
    moments: writer.emit("Concat", [row(mean!), row(variance!)], { axis: 0 }),
  };
}

const normalise: Lowering<"normalise"> = (node, inputs, lowerer) => {
  const moments = ownMoments(node);
  const trained = moments === undefined ? undefined : lowerer.trainedNormalisation(moments);
  if (trained !== undefined && moments !== undefined && normaliserOf(moments, lowerer) === node)
    return trained.normalised;
  const [x, mean, variance, scale, shift] = inputs as readonly [string, string, string, string, string];
  return lowerer.writer.emit("BatchNormalization", [x, scale, shift, mean, variance], {
    epsilon: { float: node.attributes.epsilon },
  });
};

function emitUpsample(writer: OnnxWriter, x: string, factor: number): string {
  const scales = writer.constant(Float32Array.of(1, 1, factor, factor), [4]);
  return writer.emit("Resize", [x, "", scales], {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });
}

export const pictureLowerings: Lowerings<
  | "maxPool"
  | "maxPoolGradient"
  | "averagePool"
  | "averagePoolGradient"
  | "upsampleNearest"
  | "batchMoments"
  | "normalise"
> = {
  maxPool: (node, inputs, { writer }) => writer.emit("MaxPool", inputs, poolAttributes(node.attributes)),
  maxPoolGradient,
  averagePool: (node, inputs, { writer }) =>
    writer.emit("AveragePool", inputs, {
      ...poolAttributes(node.attributes),
      count_include_pad: node.attributes.countPadding ? 1 : 0,
    }),
  averagePoolGradient,
  upsampleNearest: (node, inputs, { writer }) => emitUpsample(writer, inputs[0]!, node.attributes.factor),
  batchMoments: (node, _, lowerer) => lowerer.trainedNormalisation(node as Node).moments,
  normalise,
};
