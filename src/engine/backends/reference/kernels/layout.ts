// Kernels of the operations that move elements.
import { EngineError } from "../../../errors.ts";
import { type Node, type Shape, sizeOf } from "../../../graph.ts";
import type { Kernels } from "./kernel.ts";
import { rowMajorStrides, stretch, take, viewOffsets } from "./view.ts";

/** Writes `part` of shape `shape` into `whole`, its first element at index `at`. */
function place(whole: Float64Array, wholeShape: Shape, part: Float64Array, shape: Shape, at: readonly number[]): void {
  const strides = rowMajorStrides(wholeShape);
  const start = at.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
  viewOffsets(shape, strides, start).forEach((offset, i) => {
    whole[offset] = part[i]!;
  });
}

/**
 * Visits every pair of an element of a tensor indexed along `axis` (offset `whole`, extent `extent` on that axis) and the
 * element of what `gather` takes from it (offset `picked`).
 */
function forEachPicked(
  operation: string,
  picked: Node,
  indices: Float64Array,
  axis: number,
  extent: number,
  visit: (whole: number, picked: number) => void,
): void {
  indices.forEach((index, i) => {
    if (index < 0 || index >= extent) {
      throw new EngineError(operation, `index ${index} (element ${i} of the indices) is outside [0, ${extent})`);
    }
  });
  const lead = sizeOf(picked.shape.slice(0, axis));
  const tail = sizeOf(picked.shape) / (lead * indices.length);
  for (let i = 0; i < lead; i++) {
    for (let j = 0; j < indices.length; j++) {
      for (let k = 0; k < tail; k++) {
        visit((i * extent + indices[j]!) * tail + k, (i * indices.length + j) * tail + k);
      }
    }
  }
}

export const layoutKernels: Kernels<
  "reshape" | "broadcastTo" | "transpose" | "slice" | "reverse" | "pad" | "concat" | "gather" | "scatterAdd" | "oneHot"
> = {
  reshape: (_, [x]) => x!,
  broadcastTo: (node, [x]) => stretch(x!, node.inputs[0]!.shape, node.shape),
  transpose: (node, [x]) => {
    const strides = rowMajorStrides(node.inputs[0]!.shape);
    const permuted = node.attributes.permutation.map((axis) => strides[axis]!);
    return take(x!, viewOffsets(node.shape, permuted));
  },
  slice: (node, [x]) => {
    const { starts, steps } = node.attributes;
    const strides = rowMajorStrides(node.inputs[0]!.shape);
    const start = starts.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
    const stepped = strides.map((stride, axis) => stride * steps[axis]!);
    return take(x!, viewOffsets(node.shape, stepped, start));
  },
  reverse: (node, [x]) => {
    const { axes } = node.attributes;
    const strides = rowMajorStrides(node.shape);
    const start = axes.reduce((sum, axis) => sum + (node.shape[axis]! - 1) * strides[axis]!, 0);
    const turned = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
    return take(x!, viewOffsets(node.shape, turned, start));
  },
  pad: (node, [x]) => {
    const result = new Float64Array(sizeOf(node.shape));
    place(result, node.shape, x!, node.inputs[0]!.shape, node.attributes.before);
    return result;
  },
  concat: (node, inputs) => {
    const result = new Float64Array(sizeOf(node.shape));
    let start = 0;
    node.inputs.forEach((part, i) => {
      const at = node.shape.map((_, axis) => (axis === node.attributes.axis ? start : 0));
      place(result, node.shape, inputs[i]!, part.shape, at);
      start += part.shape[node.attributes.axis]!;
    });
    return result;
  },
  gather: (node, [x, indices]) => {
    const { axis } = node.attributes;
    const result = new Float64Array(sizeOf(node.shape));
    forEachPicked("gather", node as Node, indices!, axis, node.inputs[0]!.shape[axis]!, (whole, picked) => {
      result[picked] = x![whole]!;
    });
    return result;
  },
  scatterAdd: (node, [values, indices]) => {
    const { axis, size } = node.attributes;
    const result = new Float64Array(sizeOf(node.shape));
    forEachPicked("scatterAdd", node.inputs[0]!, indices!, axis, size, (whole, picked) => {
      result[whole]! += values![picked]!;
    });
    return result;
  },
  oneHot: (node, [indices]) => {
    const { depth } = node.attributes;
    const result = new Float64Array(sizeOf(node.shape));
    indices!.forEach((index, i) => {
      if (index >= 0 && index < depth) result[i * depth + index] = 1;
    });
    return result;
  },
};
