// Writes the instructions of operations that are not fused, each with its tensors as it wants them: pictures channels last,
// everything else in rows.
import type { Node, NodeOf, OpName, Shape } from "../../../graph.ts";
import type { Epilogue } from "./epilogue.ts";
import { type DenseTensor, storageBytes } from "./instructions.ts";
import type { Tensors } from "./tensors.ts";
import { denseStrides, type Storage } from "./view.ts";

type Writer<K extends OpName> = (node: NodeOf<K>, tensors: Tensors) => void;

/** Writes a convolution, with what is done to its result before it leaves the registers. */
export function writeConvolution(result: Node, epilogue: Epilogue, tensors: Tensors): void {
  const { convolution, bias, residual, relu } = epilogue;
  const [x, w] = convolution.inputs as readonly [Node, Node];
  const storage = tensors.pictureStorage;
  const parts: Record<string, DenseTensor> = {
    source: tensors.dense(x, "channelsLast", storage),
    weights: tensors.dense(w, "rows", "float32"),
    result: tensors.own(result),
  };
  if (bias !== undefined) {
    const channels = w.shape[0]!;
    parts.bias = { ...tensors.dense(bias, "rows", "float32", [1, channels, 1, 1]), shape: [channels] };
  }
  if (residual !== undefined) parts.residual = tensors.dense(residual, "channelsLast", storage);
  // A constant of one number is kept as that: its kernel is written out in the arena, and not there before the program runs.
  const constantWeights = w.op === "constant" && parts.weights!.memory.place === 1;
  push(tensors, result, "conv2d", parts, { ...convolution.attributes, constantWeights, relu });
}

function push(
  tensors: Tensors,
  node: Node,
  op: string,
  parts: Readonly<Record<string, DenseTensor>>,
  values: object = {},
): void {
  tensors.instructions.push({ op, label: `${op} [${node.shape}]`, parts, values });
}

/** Pictures as the library likes them. */
function pictures(node: Node, tensors: Tensors): DenseTensor {
  return tensors.dense(node, "channelsLast", tensors.pictureStorage);
}

const rows = (node: Node, tensors: Tensors, storage: Storage = "float32") => tensors.dense(node, "rows", storage);

/** Rows of the node's own type. */
const ownRows = (node: Node, tensors: Tensors) => rows(node, tensors, node.dtype === "bool" ? "uint8" : node.dtype);

const pooling: Writer<"maxPool" | "averagePool"> = (node, tensors) => {
  const parts = { source: pictures(node.inputs[0]!, tensors), result: tensors.own(node as Node) };
  push(tensors, node as Node, node.op, parts, node.attributes);
};

const reduction: Writer<"sum" | "max"> = (node, tensors) => {
  const input = node.inputs[0]!;
  const view = tensors.viewOf(input);
  const { axes } = node.attributes;
  const kept = input.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const of = (list: readonly number[], among: readonly number[]) => among.map((axis) => list[axis]!);
  const { strides, ...source } = view;
  tensors.instructions.push({
    op: "reduce",
    label: `${node.op} [${input.shape}] over ${axes}`,
    parts: { source, result: tensors.own(node as Node) },
    values: {
      maximum: node.op === "max",
      kept: of(input.shape, kept),
      keptStrides: of(strides, kept),
      reduced: of(input.shape, axes),
      reducedStrides: of(strides, axes),
    },
  });
};

/** Works on the last axis; the others are taken together. */
const alongRows: Writer<"logSoftmax" | "rank"> = (node, tensors) => {
  const shape: Shape = [node.shape.slice(0, -1).reduce((product, n) => product * n, 1), node.shape.at(-1)!];
  const source = { ...rows(node.inputs[0]!, tensors), shape };
  push(tensors, node as Node, node.op, { source, result: tensors.own(node as Node, shape) });
};

/** Copies each part to its place in the result: `starts` are where the parts begin. */
function placeParts(
  node: Node,
  parts: readonly Node[],
  starts: readonly (readonly number[])[],
  tensors: Tensors,
): void {
  const { layout, storage } = tensors.placement.get(node)!;
  const memory = tensors.memoryOf(node);
  const strides = denseStrides(node.shape, layout);
  parts.forEach((part, i) => {
    const start = starts[i]!.reduce((sum, n, axis) => sum + n * strides[axis]!, 0);
    const to = { memory, offset: start * storageBytes(storage), dtype: storage, strides };
    tensors.copy(tensors.viewOf(part), to, { shape: part.shape, layout });
  });
}

export const writers: { readonly [K in OpName]?: Writer<K> } = {
  conv2d: (node, tensors) => writeConvolution(node, { convolution: node, relu: false }, tensors),
  conv2dInputGradient: (node, tensors) => {
    const [dy, w] = node.inputs as readonly [Node, Node];
    const result = tensors.own(node);
    const parts = { source: result, weights: rows(w, tensors), result: pictures(dy, tensors) };
    push(tensors, node, node.op, parts, node.attributes);
  },
  conv2dWeightGradient: (node, tensors) => {
    const [x, dy] = node.inputs as readonly [Node, Node];
    const parts = { source: pictures(x, tensors), weights: tensors.own(node), result: pictures(dy, tensors) };
    push(tensors, node, node.op, parts, node.attributes);
  },
  matmul: (node, tensors) => {
    const [a, b] = node.inputs as readonly [Node, Node];
    push(
      tensors,
      node,
      "matmul",
      { a: rows(a, tensors), b: rows(b, tensors), result: tensors.own(node) },
      node.attributes,
    );
  },
  maxPool: pooling,
  averagePool: pooling,
  maxPoolGradient: (node, tensors) => {
    const [x, dy] = node.inputs as readonly [Node, Node];
    const parts = { source: pictures(x, tensors), given: pictures(dy, tensors), result: tensors.own(node) };
    push(tensors, node, node.op, parts, node.attributes);
  },
  averagePoolGradient: (node, tensors) => {
    const parts = { given: pictures(node.inputs[0]!, tensors), result: tensors.own(node) };
    push(tensors, node, node.op, parts, node.attributes);
  },
  upsampleNearest: (node, tensors) => {
    const parts = { source: pictures(node.inputs[0]!, tensors), result: tensors.own(node) };
    push(tensors, node, node.op, parts);
  },
  logSoftmax: alongRows,
  rank: alongRows,
  sum: reduction,
  max: reduction,
  gather: (node, tensors) => {
    const [x, indices] = node.inputs as readonly [Node, Node];
    const parts = { source: ownRows(x, tensors), indices: rows(indices, tensors, "int32"), result: tensors.own(node) };
    push(tensors, node, node.op, parts, { axis: node.attributes.axis });
  },
  scatterAdd: (node, tensors) => {
    const [values, indices] = node.inputs as readonly [Node, Node];
    const parts = {
      source: rows(values, tensors),
      indices: rows(indices, tensors, "int32"),
      result: tensors.own(node),
    };
    push(tensors, node, node.op, parts, { axis: node.attributes.axis });
  },
  oneHot: (node, tensors) => {
    push(tensors, node, node.op, { indices: rows(node.inputs[0]!, tensors, "int32"), result: tensors.own(node) });
  },
  equal: (node, tensors) => {
    const [a, b] = node.inputs.map((input) => tensors.dense(input, "rows", "int32", node.shape)) as [
      DenseTensor,
      DenseTensor,
    ];
    push(tensors, node, "equalIntegers", { a, b, result: tensors.own(node) });
  },
  pad: (node, tensors) => {
    const memory = tensors.memoryOf(node);
    const to = { memory, offset: 0 };
    tensors.instructions.push({
      op: "fill",
      label: `fill [${node.shape}]`,
      parts: { to },
      values: { bytes: memory.bytes },
    });
    placeParts(node, node.inputs, [node.attributes.before], tensors);
  },
  concat: (node, tensors) => {
    let start = 0;
    const starts = node.inputs.map((part) => {
      const at = node.shape.map((_, axis) => (axis === node.attributes.axis ? start : 0));
      start += part.shape[node.attributes.axis]!;
      return at;
    });
    placeParts(node, node.inputs, starts, tensors);
  },
  reshape: (node, tensors) => {
    // The numbers have to move: they are written in rows of the old shape, which are rows of the new one.
    const input = node.inputs[0]!;
    const target = tensors.own(node);
    const space = { shape: input.shape, layout: "rows" } as const;
    tensors.copy(tensors.viewOf(input), { ...target, strides: denseStrides(input.shape, "rows") }, space);
  },
};
