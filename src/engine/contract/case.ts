// One case of the contract: a small graph around one operation, with inputs drawn from a seed. A case is built anew for
// every use, always with the same numbers.
import { createRandom, type Random } from "../../core/random.ts";
import { gradients } from "../autodiff.ts";
import type { StateEntry, Values } from "../backend.ts";
import type { Leaves } from "../backends/reference/evaluate.ts";
import { allocate } from "../feeds.ts";
import { type DType, type Node, type OpName, type Shape, sizeOf } from "../graph.ts";
import { cast, constant, input, mul, state, sum } from "../operations/index.ts";

export interface Case {
  /** What is special about it; unique among the cases of its operation. */
  readonly name: string;
  readonly build: (inputs: CaseInputs) => Node;
  /**
   * `kink`: the inputs lie where the operation has no derivative (ties, 0 of relu), so that backends must agree on the
   * gradient but finite differences say nothing. `stopped`: they would see what `stopGradient` hides. `none`: there is no
   * gradient rule, or no gradient.
   */
  readonly gradient?: "kink" | "stopped" | "none";
}

/** The cases of some operations; one that is left out does not compile. */
export type Cases<K extends OpName> = { readonly [Op in K]: readonly Case[] };

/** Makes the inputs of a case and draws their values; all float32 values are exact in float32. */
export class CaseInputs {
  readonly feeds: Record<string, Values> = {};
  readonly stored = new Map<string, StateEntry>();
  /** The float32 inputs and the state, which gradients are taken for. */
  readonly floatInputs: Node[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Uniform numbers; no two are alike in practice, and none is 0. */
  floats(shape: Shape, low = -2, high = 2): Node {
    return this.#input(shape, "float32", () => low + (high - low) * this.#random.next());
  }

  /** Whole numbers from `low` to `high` as float32, for ties. */
  wholes(shape: Shape, low: number, high: number): Node {
    return this.#input(shape, "float32", () => low + this.#random.integer(high - low + 1));
  }

  /** These very numbers. */
  given(values: readonly number[], shape: Shape = [values.length]): Node {
    const left = values.values();
    return this.#input(shape, "float32", () => left.next().value!);
  }

  /** int32 from `low` to `high`. */
  integers(shape: Shape, low: number, high: number): Node {
    return this.#input(shape, "int32", () => low + this.#random.integer(high - low + 1));
  }

  bytes(shape: Shape): Node {
    return this.#input(shape, "uint8", () => this.#random.integer(256));
  }

  truths(shape: Shape): Node {
    return this.#input(shape, "bool", () => this.#random.integer(2));
  }

  /** State of the backend, normally distributed. */
  state(shape: Shape): Node {
    const node = state(`entry ${this.stored.size}`, shape);
    const values = Float32Array.from({ length: sizeOf(shape) }, () => this.#random.normal());
    this.stored.set(`entry ${this.stored.size}`, { shape, values });
    this.floatInputs.push(node);
    return node;
  }

  #input(shape: Shape, dtype: DType, draw: () => number): Node {
    const name = `input ${Object.keys(this.feeds).length}`;
    const node = input(name, shape, dtype);
    const values = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < values.length; i++) values[i] = draw();
    this.feeds[name] = values;
    if (dtype === "float32") this.floatInputs.push(node);
    return node;
  }
}

export interface BuiltCase {
  readonly result: Node;
  readonly feeds: Readonly<Record<string, Values>>;
  readonly stored: ReadonlyMap<string, StateEntry>;
  readonly floatInputs: readonly Node[];
  /** The result's elements, each with a weight of its own, added up: what gradients are taken of. */
  readonly loss: Node;
}

export function buildCase(op: OpName, { name, build }: Case): BuiltCase {
  const random = createRandom(1, op, name);
  const inputs = new CaseInputs(random.stream("inputs"));
  const result = build(inputs);
  const weights = random.stream("weights");
  const weight = Float32Array.from({ length: sizeOf(result.shape) }, () => weights.normal());
  const loss = sum(mul(cast(result, "float32"), constant(weight, result.shape)));
  return { result, loss, feeds: inputs.feeds, stored: inputs.stored, floatInputs: inputs.floatInputs };
}

/** What `evaluate` wants to know of a case. */
export function leavesOf({ feeds, stored }: BuiltCase): Leaves {
  return { inputs: feeds, state: Object.fromEntries(Array.from(stored, ([name, { values }]) => [name, values])) };
}

/** The gradients of the case's loss with respect to its float32 inputs. */
export function caseGradients({ loss, floatInputs }: BuiltCase): Node[] {
  return gradients(loss, floatInputs);
}
