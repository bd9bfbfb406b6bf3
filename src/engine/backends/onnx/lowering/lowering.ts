// What a lowering is. It gets the node, the names of its inputs' values and the lowerer, and gives the name of its own value.
import type { Node, NodeOf, OpName } from "../../../graph.ts";
import type { OnnxWriter } from "../writer.ts";

/** Operations that compute something; leaves are the lowerer's own business. */
export type ComputedOp = Exclude<OpName, "input" | "state" | "constant">;

/** Values of the one BatchNormalization that stands for both. */
export interface TrainedNormalisation {
  readonly normalised: string;
  readonly moments: string;
}

export interface Lowerer {
  readonly writer: OnnxWriter;
  /** Channels in a block of the runtime's own picture layout; undefined where it has none or may not be used. */
  readonly channelBlock: number | undefined;
  /** Name of a node's value; lowers it first when need be. */
  valueOf(node: Node): string;
  /** The nodes that use `node`; none when the program gives it out, so that it must exist as it is. */
  usersOf(node: Node): readonly Node[];
  /** The one BatchNormalization that gives both these batch moments and what is normalised by them. */
  trainedNormalisation(moments: Node): TrainedNormalisation;
}

export type Lowering<K extends OpName> = (node: NodeOf<K>, inputs: readonly string[], lowerer: Lowerer) => string;
export type Lowerings<K extends OpName> = { readonly [Op in K]: Lowering<Op> };
