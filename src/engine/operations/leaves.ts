// The leaves of a graph: what is fed, what the backend keeps, what never changes.
import { ShapeError } from "../errors.ts";
import { type ConstantValues, type DType, makeNode, type Node, type Shape, sizeOf } from "../graph.ts";

/** A value fed at every run, by name. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Node {
  checkShape(`input "${name}"`, shape);
  return makeNode("input", [], { name }, shape, dtype);
}

/** A float32 value the backend keeps between runs, by name: a parameter, a statistic, a moment. */
export function state(name: string, shape: Shape): Node {
  checkShape(`state "${name}"`, shape);
  return makeNode("state", [], { name }, shape);
}

/** A value fixed when the graph is built; its dtype follows the array. */
export function constant(values: ConstantValues, shape: Shape): Node {
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError("constant", `${values.length} values do not fill shape [${shape}]`);
  }
  const dtype = values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "uint8";
  return makeNode("constant", [], { values }, shape, dtype);
}

/** A float32 constant of rank 0. */
export function scalar(value: number): Node {
  return constant(Float32Array.of(value), []);
}

/** A float32 constant filled with one value. */
export function filled(value: number, shape: Shape): Node {
  return constant(new Float32Array(sizeOf(shape)).fill(value), shape);
}

function checkShape(what: string, shape: Shape): void {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new ShapeError(what, `shape [${shape}] must hold positive integers`);
  }
}
