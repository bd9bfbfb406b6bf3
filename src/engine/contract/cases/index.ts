// All cases of the contract, by operation.
import type { OpName } from "../../graph.ts";
import type { Case, Cases } from "../case.ts";
import { elementwiseCases } from "./elementwise.ts";
import { layoutCases } from "./layout.ts";
import { leafCases } from "./leaves.ts";
import { linearCases } from "./linear.ts";
import { pictureCases } from "./pictures.ts";
import { reduceCases } from "./reduce.ts";

export const cases: Cases<OpName> = {
  ...leafCases,
  ...elementwiseCases,
  ...reduceCases,
  ...layoutCases,
  ...linearCases,
  ...pictureCases,
};

export interface NamedCase {
  readonly op: OpName;
  readonly case: Case;
  /** `conv2d: 3x3, stride 2`; unique. */
  readonly title: string;
}

export const allCases: readonly NamedCase[] = Object.entries(cases).flatMap(([op, list]) =>
  list.map((one) => ({ op: op as OpName, case: one, title: `${op}: ${one.name}` })),
);
