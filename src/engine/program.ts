// A program: what one call computes. Inputs are fed, state is kept by the backend, outputs come back, updates replace
// state after everything has been computed from its old values.
import { EngineError } from "./errors.ts";
import { describe, type Node, type NodeOf, sameShape, topologicalOrder } from "./graph.ts";

export interface Program {
  /** For messages and profiles, e.g. `train`. */
  readonly name: string;
  readonly inputs: ReadonlyMap<string, NodeOf<"input">>;
  readonly state: ReadonlyMap<string, NodeOf<"state">>;
  readonly outputs: ReadonlyMap<string, Node>;
  /** New value of state entries, by name. */
  readonly updates: ReadonlyMap<string, Node>;
  /** Every node, inputs before users. */
  readonly order: readonly Node[];
}

export interface ProgramParts {
  readonly name: string;
  readonly outputs: Readonly<Record<string, Node>>;
  readonly updates?: ReadonlyMap<string, Node>;
}

/** Collects the leaves of a graph. Two inputs (or state entries) of one name must have one shape. */
export function program(parts: ProgramParts): Program {
  const outputs = new Map(Object.entries(parts.outputs));
  const updates = parts.updates ?? new Map<string, Node>();
  const order = topologicalOrder([...outputs.values(), ...updates.values()]);
  const inputs = new Map<string, NodeOf<"input">>();
  const state = new Map<string, NodeOf<"state">>();
  for (const node of order) {
    if (node.op === "input") addLeaf(parts.name, inputs, node.attributes.name, node);
    if (node.op === "state") addLeaf(parts.name, state, node.attributes.name, node);
  }
  for (const [name, value] of updates) {
    const held = state.get(name);
    if (held !== undefined && !(sameShape(held.shape, value.shape) && value.dtype === "float32")) {
      throw new EngineError(
        `program "${parts.name}"`,
        `update of "${name}" is ${describe(value)}, the state ${describe(held)}`,
      );
    }
  }
  return { name: parts.name, inputs, state, outputs, updates, order };
}

function addLeaf<N extends Node>(where: string, leaves: Map<string, N>, name: string, node: N): void {
  const other = leaves.get(name);
  if (other !== undefined && !(sameShape(other.shape, node.shape) && other.dtype === node.dtype)) {
    throw new EngineError(`program "${where}"`, `"${name}" is used as ${describe(other)} and as ${describe(node)}`);
  }
  leaves.set(name, other ?? node);
}
