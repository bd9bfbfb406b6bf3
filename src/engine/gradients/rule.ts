// What a gradient rule is. It gets the node, the gradient of its output, and which inputs want theirs; it gives one node
// per input, or null where nothing flows.
import type { Node, NodeOf, OpName } from "../graph.ts";

export type GradientRule<K extends OpName> = (
  node: NodeOf<K>,
  dy: Node,
  wanted: readonly boolean[],
) => readonly (Node | null)[];
export type GradientRules<K extends OpName> = { readonly [Op in K]: GradientRule<Op> };
