// Where the elements of a tensor lie. A tensor is dense in rows (the last axis runs fastest) or, for pictures, with its channels
// last; reshaping, transposing, slicing, reversing and repeating only look at it in another way, and copy nothing.
import type { Node, Shape } from "../../../graph.ts";

export type Layout = "rows" | "channelsLast";

/** What is walked over: the axes, and the order in which they are taken. */
export interface Space {
  readonly shape: Shape;
  readonly layout: Layout;
}

/** How numbers are kept; bool is uint8. */
export type Storage = "float32" | "bfloat16" | "int32" | "uint8";

export interface View {
  /** The node whose numbers lie in memory. */
  readonly source: Node;
  /** In elements of the source. */
  readonly offset: number;
  /** For each axis of who looks, in elements; 0 repeats, negative runs backwards. */
  readonly strides: readonly number[];
}

/** Axes in the order in which a layout lies in memory, slowest first. */
export function axesInMemory(rank: number, layout: Layout): number[] {
  return layout === "channelsLast" ? [0, 2, 3, 1] : Array.from({ length: rank }, (_, axis) => axis);
}

export function denseStrides(shape: Shape, layout: Layout): number[] {
  const strides = shape.map(() => 0);
  let distance = 1;
  for (const axis of axesInMemory(shape.length, layout).reverse()) {
    strides[axis] = distance;
    distance *= shape[axis]!;
  }
  return strides;
}

/** Whether the strides are those of the layout; axes of extent 1 do not matter. */
export function isDense(strides: readonly number[], shape: Shape, layout: Layout): boolean {
  const wanted = denseStrides(shape, layout);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis]);
}

/** Strides by which a tensor of `from` is looked at as one of `to`, by the broadcasting rule. */
export function broadcastStrides(strides: readonly number[], from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  return to.map((extent, axis) => {
    const own = axis - lead;
    return own < 0 || (from[own] === 1 && extent !== 1) ? 0 : strides[own]!;
  });
}

/** The view of a node that only looks at its input in another way, or undefined when it does more or the numbers must move. */
export function viewThrough(node: Node, input: View): View | undefined {
  const { source, offset, strides } = input;
  const shape = node.inputs[0]?.shape ?? [];
  switch (node.op) {
    case "stopGradient":
      return input;
    case "broadcastTo":
      return { source, offset, strides: broadcastStrides(strides, shape, node.shape) };
    case "transpose":
      return { source, offset, strides: node.attributes.permutation.map((axis) => strides[axis]!) };
    case "slice": {
      const { starts, steps } = node.attributes;
      const start = starts.reduce((sum, n, axis) => sum + n * strides[axis]!, offset);
      return { source, offset: start, strides: strides.map((stride, axis) => stride * steps[axis]!) };
    }
    case "reverse": {
      const { axes } = node.attributes;
      const end = axes.reduce((sum, axis) => sum + (shape[axis]! - 1) * strides[axis]!, offset);
      return { source, offset: end, strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)) };
    }
    case "reshape": {
      const reshaped = reshapedStrides(strides, shape, node.shape);
      return reshaped && { source, offset, strides: reshaped };
    }
    default:
      return undefined;
  }
}

/** Strides of the same elements under another shape, or undefined when no strides give them. */
function reshapedStrides(strides: readonly number[], from: Shape, to: Shape): number[] | undefined {
  const old = from.map((extent, axis) => ({ extent, stride: strides[axis]! })).filter(({ extent }) => extent !== 1);
  const result = to.map(() => 0);
  let [i, j] = [0, 0];
  while (i < old.length && j < to.length) {
    // The next axes on both sides that span the same elements.
    const [firstOld, firstNew] = [i, j];
    let [spanOld, spanNew] = [old[i++]!.extent, to[j++]!];
    while (spanOld !== spanNew) {
      if (spanOld < spanNew) spanOld *= old[i++]!.extent;
      else spanNew *= to[j++]!;
    }
    for (let axis = firstOld; axis + 1 < i; axis++) {
      if (old[axis]!.stride !== old[axis + 1]!.stride * old[axis + 1]!.extent) return undefined;
    }
    let stride = old[i - 1]!.stride;
    for (let axis = j - 1; axis >= firstNew; axis--) {
      result[axis] = stride;
      stride *= to[axis]!;
    }
  }
  return result;
}
