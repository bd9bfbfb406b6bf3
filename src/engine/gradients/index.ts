// The gradient rule of every operation. A rule gets the node, the gradient of its output, and which inputs want theirs;
// it gives one node per input, or null where nothing flows.
import type { Node, NodeOf, OpName } from "../graph.ts";
import { elementwiseRules } from "./elementwise.ts";
import { layoutRules } from "./layout.ts";
import { linearRules } from "./linear.ts";
import { pictureRules } from "./pictures.ts";
import { reduceRules } from "./reduce.ts";

export type GradientRule<K extends OpName> = (
  node: NodeOf<K>,
  dy: Node,
  wanted: readonly boolean[],
) => readonly (Node | null)[];
export type GradientRules<K extends OpName> = { readonly [Op in K]: GradientRule<Op> };

const leafRules: GradientRules<"input" | "state" | "constant"> = {
  input: () => [],
  state: () => [],
  constant: () => [],
};

export const gradientRules: GradientRules<OpName> = {
  ...leafRules,
  ...elementwiseRules,
  ...reduceRules,
  ...layoutRules,
  ...linearRules,
  ...pictureRules,
};
