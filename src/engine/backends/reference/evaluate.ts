// Computes nodes in float64, one after the other. Besides serving the backend it is what gradients are checked with:
// finite differences need more digits than float32 has.
import { EngineError } from "../../errors.ts";
import { describe, type Node, type NodeOf, sizeOf, topologicalOrder } from "../../graph.ts";
import { kernels } from "./kernels/index.ts";
import type { ComputedOp, Kernel } from "./kernels/kernel.ts";

/** Values of inputs and state entries by name, in row-major order. */
export interface Leaves {
  readonly inputs?: Readonly<Record<string, ArrayLike<number>>>;
  readonly state?: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * The values of `nodes`, in row-major order. int32, uint8 and bool come as whole numbers.
 * Throws an `EngineError` for a leaf without values or of another size, and for an index outside its axis.
 */
export function evaluate(nodes: readonly Node[], leaves: Leaves): Float64Array[] {
  const values = new Map<Node, Float64Array>();
  for (const node of topologicalOrder(nodes)) values.set(node, compute(node, values, leaves));
  return nodes.map((node) => values.get(node)!);
}

function compute(node: Node, values: ReadonlyMap<Node, Float64Array>, leaves: Leaves): Float64Array {
  if (node.op === "constant") return Float64Array.from(node.attributes.values);
  if (node.op === "input") return leafValues(node, leaves.inputs);
  if (node.op === "state") return leafValues(node, leaves.state);
  const kernel = kernels[node.op] as Kernel<ComputedOp>;
  return kernel(
    node,
    node.inputs.map((input) => values.get(input)!),
  );
}

function leafValues(leaf: NodeOf<"input" | "state">, given: Leaves["inputs"] = {}): Float64Array {
  const { name } = leaf.attributes;
  const where = `${leaf.op} "${name}"`;
  const values = given[name];
  if (values === undefined) throw new EngineError(where, `${describe(leaf as Node)} has no values`);
  if (values.length !== sizeOf(leaf.shape)) {
    throw new EngineError(where, `${values.length} values do not fill ${describe(leaf as Node)}`);
  }
  return Float64Array.from(values);
}
