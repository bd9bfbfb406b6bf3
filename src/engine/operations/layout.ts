// Operations that move elements without changing them: reshape, transpose, slice, pad, concat, gather and their kin.
import { ShapeError } from "../errors.ts";
import { describe, makeNode, type Node, type Shape, sameShape, sizeOf } from "../graph.ts";

/** The same elements in row-major order under another shape; one extent may be -1. */
export function reshape(x: Node, shape: Shape): Node {
  const known = shape.filter((extent) => extent !== -1);
  const rest = sizeOf(x.shape) / sizeOf(known);
  const full = shape.map((extent) => (extent === -1 ? rest : extent));
  if (known.length < shape.length - 1 || !Number.isInteger(rest) || sizeOf(full) !== sizeOf(x.shape)) {
    throw new ShapeError("reshape", `[${x.shape}] has ${sizeOf(x.shape)} elements and does not fit [${shape}]`);
  }
  return sameShape(full, x.shape) ? x : makeNode("reshape", [x], { shape: full }, full, x.dtype);
}

/** Axis `i` of the result is axis `permutation[i]` of `x`; without it the axes are reversed. */
export function transpose(
  x: Node,
  permutation: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i),
): Node {
  if (
    !sameShape(
      [...permutation].sort((a, b) => a - b),
      x.shape.map((_, i) => i),
    )
  ) {
    throw new ShapeError("transpose", `[${permutation}] is no permutation of the axes of [${x.shape}]`);
  }
  const shape = permutation.map((axis) => x.shape[axis]!);
  return makeNode("transpose", [x], { permutation: [...permutation] }, shape, x.dtype);
}

/** Elements start, start + step, ... below end on every axis (0 <= start < end <= extent, step >= 1). */
export function slice(
  x: Node,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = x.shape.map(() => 1),
): Node {
  const fits =
    [starts, ends, steps].every((list) => list.length === x.shape.length) &&
    x.shape.every((extent, i) => starts[i]! >= 0 && starts[i]! < ends[i]! && ends[i]! <= extent && steps[i]! >= 1);
  if (!fits) throw new ShapeError("slice", `from [${starts}] to [${ends}] by [${steps}] does not fit [${x.shape}]`);
  const shape = x.shape.map((_, i) => Math.ceil((ends[i]! - starts[i]!) / steps[i]!));
  return makeNode("slice", [x], { starts: [...starts], ends: [...ends], steps: [...steps] }, shape, x.dtype);
}

/** `slice` on one axis, all of the others. */
export function sliceAxis(x: Node, axis: number, start: number, end: number, step = 1): Node {
  return slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((extent, i) => (i === axis ? end : extent)),
    x.shape.map((_, i) => (i === axis ? step : 1)),
  );
}

/** The order of the elements turned round on the given axes. */
export function reverse(x: Node, axes: readonly number[]): Node {
  if (axes.some((axis) => !(axis in x.shape))) throw new ShapeError("reverse", `axes [${axes}] of [${x.shape}]`);
  return axes.length === 0 ? x : makeNode("reverse", [x], { axes: [...axes] }, x.shape, x.dtype);
}

/** Zeros put before and after on every axis. */
export function pad(x: Node, before: readonly number[], after: readonly number[]): Node {
  const rank = x.shape.length;
  if (before.length !== rank || after.length !== rank || [...before, ...after].some((n) => n < 0)) {
    throw new ShapeError("pad", `before [${before}] and after [${after}] do not fit [${x.shape}]`);
  }
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((extent, i) => extent + before[i]! + after[i]!);
  return makeNode("pad", [x], { before: [...before], after: [...after] }, shape, x.dtype);
}

/** Joined along `axis`; the other extents are equal. */
export function concat(parts: readonly Node[], axis: number): Node {
  const first = parts[0];
  if (first === undefined) throw new ShapeError("concat", "no parts");
  const at = axis < 0 ? axis + first.shape.length : axis;
  for (const part of parts) {
    const fits = part.dtype === first.dtype && part.shape.length === first.shape.length;
    if (!fits || !part.shape.every((extent, i) => i === at || extent === first.shape[i])) {
      throw new ShapeError("concat", `${describe(part)} beside ${describe(first)} on axis ${axis}`);
    }
  }
  if (!(at in first.shape)) throw new ShapeError("concat", `axis ${axis} of [${first.shape}]`);
  if (parts.length === 1) return first;
  const total = parts.reduce((n, part) => n + part.shape[at]!, 0);
  const shape = first.shape.map((extent, i) => (i === at ? total : extent));
  return makeNode("concat", parts, { axis: at }, shape, first.dtype);
}

/** Entries of `x` at int32 `indices` along `axis`: the axis is replaced by the shape of `indices`. Indices lie in [0, extent). */
export function gather(x: Node, indices: Node, axis = 0): Node {
  if (indices.dtype !== "int32" || !(axis in x.shape)) {
    throw new ShapeError("gather", `indices ${describe(indices)} on axis ${axis} of [${x.shape}]`);
  }
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return makeNode("gather", [x, indices], { axis }, shape, x.dtype);
}

/**
 * The adjoint of `gather`: a tensor of zeros whose `axis` has extent `size`, with every entry of `values` added where
 * `indices` says. `values` has the shape that `gather` gives.
 */
export function scatterAdd(values: Node, indices: Node, axis: number, size: number): Node {
  const tail = values.shape.slice(axis + indices.shape.length);
  if (indices.dtype !== "int32" || !sameShape(values.shape.slice(axis, axis + indices.shape.length), indices.shape)) {
    throw new ShapeError("scatterAdd", `indices ${describe(indices)} on axis ${axis} of values ${describe(values)}`);
  }
  return makeNode("scatterAdd", [values, indices], { axis, size }, [...values.shape.slice(0, axis), size, ...tail]);
}

/** float32 [..., depth]: 1 at the index, 0 elsewhere; an index outside [0, depth) gives zeros. */
export function oneHot(indices: Node, depth: number): Node {
  if (indices.dtype !== "int32") throw new ShapeError("oneHot", `indices must be int32, got ${describe(indices)}`);
  return makeNode("oneHot", [indices], { depth }, [...indices.shape, depth]);
}
