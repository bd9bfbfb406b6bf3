// Views: where the elements of a tensor lie in the memory of another, as a start and a stride for each axis. Broadcasting,
// transposing, slicing and reversing only differ in these numbers.
import { type Shape, sameShape } from "../../../graph.ts";

/** Elements from one index to the next on each axis of a tensor in row-major order. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Where each element of a view lies, in the view's row-major order: start + sum of index * stride. */
export function viewOffsets(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  let offsets = Int32Array.of(start);
  shape.forEach((extent, axis) => {
    const stride = strides[axis]!;
    const finer = new Int32Array(offsets.length * extent);
    for (let i = 0; i < finer.length; i++) finer[i] = offsets[Math.floor(i / extent)]! + (i % extent) * stride;
    offsets = finer;
  });
  return offsets;
}

/** For each element of a tensor of shape `to`, the element of one of shape `from` that broadcasting puts there. */
export function broadcastOffsets(from: Shape, to: Shape): Int32Array {
  const strides = rowMajorStrides(from);
  const lead = to.length - from.length;
  const stretched = to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : strides[axis - lead]!));
  return viewOffsets(to, stretched);
}

/** The elements of `x` at `offsets`. */
export function take(x: Float64Array, offsets: Int32Array): Float64Array {
  const taken = new Float64Array(offsets.length);
  for (let i = 0; i < offsets.length; i++) taken[i] = x[offsets[i]!]!;
  return taken;
}

/** `x` repeated from shape `from` to shape `to`; `x` itself where they are the same. */
export function stretch(x: Float64Array, from: Shape, to: Shape): Float64Array {
  return sameShape(from, to) ? x : take(x, broadcastOffsets(from, to));
}
