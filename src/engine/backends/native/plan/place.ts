// Decides for every node whether it is computed at all or only another look at a tensor, in which layout it lies, and in what
// numbers. Pictures lie channels last, since convolutions like them so, and only they are kept in bfloat16.
import type { Node, OpName, Shape } from "../../../graph.ts";
import type { Program } from "../../../program.ts";
import { axesInMemory, denseStrides, isDense, type Layout, type Storage, type View, viewThrough } from "./view.ts";

/**
 * `leaf`: input, state, constant. `view`: no numbers of its own. `elementwise`, `rowSum`: done by fused steps. `other`: an
 * instruction of its own.
 */
export type Kind = "leaf" | "view" | "elementwise" | "rowSum" | "other";

export interface Placed {
  readonly kind: Kind;
  /** Of the node's own numbers; for a view those of its source. */
  readonly layout: Layout;
  readonly storage: Storage;
  readonly view: View;
}

export type Placement = ReadonlyMap<Node, Placed>;

const elementwise: ReadonlySet<OpName> = new Set<OpName>([
  ...(["add", "sub", "mul", "div", "maximum", "minimum", "greater", "equal", "select", "neg", "exp", "log"] as const),
  ...(["sqrt", "tanh", "sigmoid", "relu", "step", "cast"] as const),
]);

/** Operations on pictures: what they take and give lies channels last. */
const onPictures: ReadonlySet<OpName> = new Set<OpName>([
  ...(["conv2d", "conv2dInputGradient", "maxPool", "maxPoolGradient", "averagePool", "averagePoolGradient"] as const),
  "upsampleNearest",
]);

export function placeNodes(program: Program, precision: "float32" | "bfloat16"): Placement {
  const wanted = wantedChannelsLast(program);
  const placement = new Map<Node, Placed>();
  for (const node of program.order) placement.set(node, placeNode(node, placement, wanted, precision));
  return placement;
}

/** Element-wise results on the way to an operation on pictures: they are best written as it wants to read them. */
function wantedChannelsLast({ order }: Program): Set<Node> {
  const wanted = new Set<Node>();
  for (const node of order.toReversed()) {
    const reads = onPictures.has(node.op) || node.op === "batchMoments" || node.op === "conv2dWeightGradient";
    const passes = wanted.has(node) && elementwise.has(node.op);
    if (!reads && !passes) continue;
    node.inputs.forEach((input) => {
      if (input.shape.length === 4 && !(node.op.startsWith("conv2d") && isKernel(node, input))) wanted.add(input);
    });
  }
  return wanted;
}

function isKernel(convolution: Node, input: Node): boolean {
  return convolution.op !== "conv2dWeightGradient" && convolution.inputs[1] === input;
}

function placeNode(
  node: Node,
  placement: Placement,
  wanted: ReadonlySet<Node>,
  precision: "float32" | "bfloat16",
): Placed {
  if (node.inputs.length === 0) return placeLeaf(node);
  const first = placement.get(node.inputs[0]!)!;
  const view = viewThrough(node, first.view);
  if (view !== undefined) return { ...first, kind: "view", view };
  const layout = layoutOf(node, placement, wanted);
  const own = { source: node, offset: 0, strides: denseStrides(node.shape, layout) };
  return { kind: kindOf(node, placement), layout, storage: storageOf(node, layout, precision), view: own };
}

/** A constant whose numbers are all the same is one number, repeated. */
function placeLeaf(node: Node): Placed {
  const uniform = node.op === "constant" && node.attributes.values.every((value) => value === firstOf(node));
  const strides = uniform ? node.shape.map(() => 0) : denseStrides(node.shape, "rows");
  return { kind: "leaf", layout: "rows", storage: plainStorage(node), view: { source: node, offset: 0, strides } };
}

function firstOf(node: Node): number | undefined {
  return node.op === "constant" ? node.attributes.values[0] : undefined;
}

function plainStorage(node: Node): Storage {
  return node.dtype === "bool" ? "uint8" : node.dtype;
}

function storageOf(node: Node, layout: Layout, precision: "float32" | "bfloat16"): Storage {
  return layout === "channelsLast" && node.dtype === "float32" ? precision : plainStorage(node);
}

function layoutOf(node: Node, placement: Placement, wanted: ReadonlySet<Node>): Layout {
  if (node.shape.length !== 4) return "rows";
  if (onPictures.has(node.op)) return "channelsLast";
  if (!elementwise.has(node.op) && node.op !== "pad" && node.op !== "concat") return "rows";
  return wanted.has(node) || node.inputs.some((input) => liesChannelsLast(input, placement)) ? "channelsLast" : "rows";
}

/** Whether a whole picture lies channels last and not in rows (small ones may be both). */
function liesChannelsLast(node: Node, placement: Placement): boolean {
  const { strides } = placement.get(node)!.view;
  const { shape } = node;
  return shape.length === 4 && isDense(strides, shape, "channelsLast") && !isDense(strides, shape, "rows");
}

function kindOf(node: Node, placement: Placement): Kind {
  if (node.op === "equal" && node.inputs[0]!.dtype === "int32") return "other";
  if (elementwise.has(node.op)) return "elementwise";
  if (node.op === "batchMoments") return "rowSum";
  if (node.op === "sum" && sumsRows(node.inputs[0]!, node.attributes.axes, placement)) return "rowSum";
  return "other";
}

/** Columns below which a sum over rows is no work for vectors. */
const fewestColumns = 8;

/** The layout in which a row sum walks over its input. */
export function layoutOfSum(node: Node, placement: Placement): Layout {
  if (node.op === "batchMoments") return "channelsLast";
  const input = node.inputs[0]!;
  return layoutFor(input.shape, placement.get(input)!.layout);
}

/** Leading axes in memory that a row sum keeps: 0 where everything but the columns is summed. */
export function keptAxesOfSum(node: Node, placement: Placement): number {
  if (node.op !== "sum") return 0;
  const order = axesInMemory(node.inputs[0]!.shape.length, layoutOfSum(node, placement));
  return Math.min(...node.attributes.axes.map((axis) => order.indexOf(axis)));
}

/** Whether the axes are neighbours in memory with one kept inside them, on a tensor that lies as it is looked at. */
function sumsRows(input: Node, axes: readonly number[], placement: Placement): boolean {
  const { view, layout } = placement.get(input)!;
  if (!isDense(view.strides, input.shape, layoutFor(input.shape, layout))) return false;
  const order = axesInMemory(input.shape.length, layoutFor(input.shape, layout));
  const places = axes.map((axis) => order.indexOf(axis)).sort((a, b) => a - b);
  const together = places.every((place, i) => place === places[0]! + i);
  const inner = order.slice(places.at(-1)! + 1);
  return together && inner.length === 1 && input.shape[inner[0]!]! >= fewestColumns;
}

function layoutFor(shape: Shape, layout: Layout): Layout {
  return shape.length === 4 ? layout : "rows";
}
