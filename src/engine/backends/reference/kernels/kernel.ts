// What a kernel is: the value of a node from the values of its inputs, every number in float64 whatever its dtype (which
// holds float32, int32, uint8 and bool exactly), in row-major order. A kernel never changes its inputs.
import type { NodeOf, OpName } from "../../../graph.ts";

/** Operations that compute something; leaves are the evaluation's own business. */
export type ComputedOp = Exclude<OpName, "input" | "state" | "constant">;

export type Kernel<K extends OpName> = (node: NodeOf<K>, inputs: readonly Float64Array[]) => Float64Array;
export type Kernels<K extends OpName> = { readonly [Op in K]: Kernel<Op> };
