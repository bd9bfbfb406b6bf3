// Writes the instruction of one fused step: what it loads, its arithmetic in registers, what it stores, what it sums.
import type { Node } from "../../../graph.ts";
import { type Design, fusableSource } from "./fuse.ts";
import { type Access, type Address, type Instruction, type MicroOp, microOps } from "./instructions.ts";
import { keptAxesOfSum } from "./place.ts";
import { joined, type MergedSpace, merged, type Strided, type Tensors } from "./tensors.ts";
import { axesInMemory, broadcastStrides, denseStrides, type Space, type Storage } from "./view.ts";

export interface FusedUnit {
  readonly nodes: readonly Node[];
  readonly space: Space;
  /** For each node that is wanted in memory, where. */
  readonly targets: ReadonlyMap<Node, readonly Strided[]>;
}

/** An operand before the space is merged: strides along all axes of the space, in memory order. */
interface Operand extends Address {
  readonly dtype: Storage;
  readonly strides: readonly number[];
  readonly value: number;
}

/** Values are numbered first, each once; registers are given when it is known how long each is needed. */
interface Code {
  readonly op: MicroOp;
  readonly to: number;
  readonly from: readonly number[];
}

export function writeFused(unit: FusedUnit, design: Design, tensors: Tensors): Instruction {
  const { nodes, targets } = unit;
  const writer = new FusedWriter(unit, design, tensors);
  const stores = [...targets].flatMap(([node, places]) => places.map((place) => writer.store(node, place)));
  const sums = nodes
    .filter((node) => tensors.placement.get(node)!.kind === "rowSum")
    .map((node) => ({
      memory: tensors.memoryOf(node),
      offset: 0,
      moments: node.op === "batchMoments",
      value: writer.valueOf(node, 0),
    }));
  return writer.finish(stores, sums);
}

class FusedWriter {
  readonly #nodes: readonly Node[];
  readonly #members: ReadonlySet<Node>;
  readonly #space: Space;
  readonly #design: Design;
  readonly #tensors: Tensors;
  readonly #order: readonly number[];
  readonly #loads: Operand[] = [];
  readonly #known = new Map<string, number>();
  readonly #values = new Map<Node, number>();
  readonly #code: Code[] = [];
  #count = 0;

  constructor({ nodes, space }: Pick<FusedUnit, "nodes" | "space">, design: Design, tensors: Tensors) {
    this.#design = design;
    this.#nodes = nodes;
    this.#members = new Set(nodes);
    this.#space = space;
    this.#tensors = tensors;
    this.#order = axesInMemory(space.shape.length, space.layout);
    for (const node of nodes) if (tensors.placement.get(node)!.kind === "elementwise") this.#compute(node);
  }

  store(node: Node, { strides, ...target }: Strided): Operand {
    return { ...target, strides: this.#inOrder(strides), value: this.#values.get(node)! };
  }

  /** The value of a node's input: from a register of this step, or loaded. */
  valueOf(node: Node, input: number): number {
    const operand = node.inputs[input]!;
    const source = fusableSource(node, operand, this.#design);
    if (source !== undefined && this.#members.has(source)) return this.#values.get(source)!;
    return this.#load(operand);
  }

  #compute(node: Node): void {
    const from = node.inputs.map((_, input) => this.valueOf(node, input));
    const op = microOpOf(node);
    if (op === undefined) this.#values.set(node, from[0]!);
    else this.#values.set(node, this.#emit(op, from));
  }

  #emit(op: MicroOp, from: readonly number[]): number {
    const to = this.#count++;
    this.#code.push({ op, to, from });
    return to;
  }

  #load(operand: Node): number {
    const view = this.#tensors.viewOf(operand);
    const strides = this.#inOrder(broadcastStrides(view.strides, operand.shape, this.#space.shape));
    const key = `${this.#tensors.numberOf(view.memory)} ${view.offset} ${strides}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = this.#count++;
    this.#loads.push({ memory: view.memory, offset: view.offset, dtype: view.dtype, strides, value });
    this.#known.set(key, value);
    return value;
  }

  #inOrder(strides: readonly number[]): number[] {
    return this.#order.map((axis) => strides[axis]!);
  }

  finish(stores: readonly Operand[], sums: readonly (Address & { moments: boolean; value: number })[]): Instruction {
    const code = withMultiplyAdd(this.#code, new Set([...stores, ...sums].map(({ value }) => value)));
    const { registers, count } = assignRegisters(this.#loads, code, [...stores, ...sums]);
    const strides = [...this.#loads, ...stores].map((operand) => operand.strides);
    const { space, kept } = this.#mergedSpace(strides, sums.length > 0);
    const access = ({ value, ...operand }: Operand, i: number): Access => ({
      ...operand,
      strides: space.strides[i]!,
      register: registers.get(value)!,
    });
    const steps = code.flatMap(({ op, to, from }) => {
      const [a, b = a, c = a] = from.map((value) => registers.get(value)!);
      return [microOps.indexOf(op), registers.get(to)!, a!, b!, c!];
    });
    return {
      op: "fused",
      label: this.#label(),
      parts: {
        loads: this.#loads.map(access),
        stores: stores.map((operand, i) => access(operand, this.#loads.length + i)),
        sums: sums.map(({ value, ...sum }) => ({ ...sum, register: registers.get(value)! })),
      },
      values: { space: space.extents, steps, registers: count, keptDimensions: kept },
    };
  }

  #label(): string {
    const names = [...new Set(this.#nodes.map((node) => node.op))].slice(0, 6).join(" ");
    return `${names} [${this.#space.shape}]`;
  }

  /** With sums: kept axes, then the axes that are summed, then one of columns, each part merged by itself. */
  #mergedSpace(strides: readonly (readonly number[])[], hasSums: boolean): { space: MergedSpace; kept: number } {
    const extents = this.#order.map((axis) => this.#space.shape[axis]!);
    if (!hasSums) return { space: merged(extents, strides), kept: 0 };
    const sum = this.#nodes.find((node) => this.#tensors.placement.get(node)!.kind === "rowSum")!;
    const wall = keptAxesOfSum(sum, this.#tensors.placement);
    const part = (start: number, end: number) =>
      joined(
        extents.slice(start, end),
        strides.map((s) => s.slice(start, end)),
      );
    const [outer, summed] = [part(0, wall), part(wall, -1)];
    const columns = { extents: extents.slice(-1), strides: strides.map((s) => s.slice(-1)) };
    const all = [outer, summed, columns];
    return {
      space: {
        extents: all.flatMap((piece) => piece.extents),
        strides: strides.map((_, i) => all.flatMap((piece) => piece.strides[i]!)),
      },
      kept: outer.extents.length,
    };
  }
}

/** The kernel of a node; undefined where its value is that of its input, as all values are float32 in registers. */
function microOpOf(node: Node): MicroOp | undefined {
  if (node.op !== "cast") return node.op as MicroOp;
  const from = node.inputs[0]!.dtype;
  if (node.dtype === "bool") return from === "bool" ? undefined : "isTrue";
  return node.dtype !== "float32" && from === "float32" ? "truncate" : undefined;
}

/** Products that are only added to something become one step with the addition. */
function withMultiplyAdd(code: readonly Code[], kept: ReadonlySet<number>): Code[] {
  const uses = new Map<number, number>();
  for (const value of code.flatMap(({ from }) => from)) uses.set(value, (uses.get(value) ?? 0) + 1);
  const products = new Map(code.filter(({ op }) => op === "mul").map((step) => [step.to, step]));
  const gone = new Set<number>();
  const result = code.map((step): Code => {
    if (step.op !== "add") return step;
    for (const [at, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const product = products.get(step.from[at]!);
      if (product === undefined || uses.get(product.to) !== 1 || kept.has(product.to)) continue;
      gone.add(product.to);
      return { op: "multiplyAdd", to: step.to, from: [...product.from, step.from[other]!] };
    }
    return step;
  });
  return result.filter(({ to }) => !gone.has(to));
}

/** A register for each value, taken again once the value is not needed any more; loads keep theirs for the whole step. */
function assignRegisters(
  loads: readonly Operand[],
  code: readonly Code[],
  kept: readonly { readonly value: number }[],
): { registers: Map<number, number>; count: number } {
  const registers = new Map<number, number>(loads.map(({ value }, i) => [value, i]));
  const lastUse = new Map<number, number>();
  code.forEach(({ from }, time) => {
    for (const value of from) lastUse.set(value, time);
  });
  for (const { value } of kept) lastUse.set(value, Number.POSITIVE_INFINITY);
  const free: number[] = [];
  let count = loads.length;
  const isLoad = new Set(loads.map(({ value }) => value));
  code.forEach(({ to, from }, time) => {
    registers.set(to, free.pop() ?? count++);
    for (const value of new Set(from)) {
      if (lastUse.get(value) === time && !isLoad.has(value)) free.push(registers.get(value)!);
    }
  });
  return { registers, count: Math.max(1, count) };
}

/** Where a node's own tensor lies, as a target. */
export function ownTarget(node: Node, tensors: Tensors): Strided {
  const { layout, storage } = tensors.placement.get(node)!;
  return { memory: tensors.memoryOf(node), offset: 0, dtype: storage, strides: denseStrides(node.shape, layout) };
}
