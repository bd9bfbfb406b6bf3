// The gradient rule of every operation.
import type { OpName } from "../graph.ts";
import { elementwiseRules } from "./elementwise.ts";
import { layoutRules } from "./layout.ts";
import { linearRules } from "./linear.ts";
import { pictureRules } from "./pictures.ts";
import { reduceRules } from "./reduce.ts";
import type { GradientRules } from "./rule.ts";

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
