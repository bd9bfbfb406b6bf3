// The native backend keeps the contract: in float32 as every other does, in bfloat16 within what eight bits of a picture allow.
import { test } from "node:test";
import { type ContractOptions, contractSuite } from "../../contract/suite.ts";
import type { OpName } from "../../graph.ts";
import { nativeBackend, nativeSupport } from "./index.ts";

/**
 * Pictures that operations on pictures take and give are rounded to bfloat16, which moves a number by up to 1/512 of it:
 * operand and result together by 1/256, and gradients by as much again. Everything else stays float32.
 */
const rounded: ReadonlySet<OpName> = new Set<OpName>([
  ...(["conv2d", "conv2dInputGradient", "conv2dWeightGradient", "maxPool", "maxPoolGradient"] as const),
  ...(["averagePool", "averagePoolGradient", "upsampleNearest", "batchMoments", "normalise"] as const),
]);
/** Two numbers that bfloat16 does not tell apart: the largest of a window is then the first of them. */
const undecided = new Set(["maxPool: 16 channels", "maxPoolGradient: 16 channels", "maxPool: 2x2, 20 channels"]);

const bfloat16: ContractOptions = {
  tolerance: (op, title) => (undecided.has(title) ? 0.3 : rounded.has(op) ? 1e-2 : 1e-4),
  // Four steps of training from a learning rate of 0.1, each on the rounding of the one before.
  netTolerance: 0.1,
};

const support = nativeSupport();
if (support.available) {
  contractSuite("native (float32)", () => nativeBackend({ threads: 2, precision: "float32" }));
  contractSuite("native (bfloat16)", () => nativeBackend({ threads: 2, precision: "bfloat16" }), bfloat16);
} else {
  test("the native backend keeps the contract", { skip: `${support.reason}: npm run build:native` }, () => undefined);
}
