// The memory of a plan while its instructions are written: where each node's numbers are, and dense copies of those that an
// instruction wants in another layout or type.
import { type Node, type Shape, sizeOf } from "../../../graph.ts";
import type { Program } from "../../../program.ts";
import {
  type Access,
  type Address,
  type DenseTensor,
  type Instruction,
  type Memory,
  storageBytes,
} from "./instructions.ts";
import type { Placement } from "./place.ts";
import {
  axesInMemory,
  broadcastStrides,
  denseStrides,
  isDense,
  type Layout,
  type Space,
  type Storage,
} from "./view.ts";

/** Numbers in memory, with a stride for each axis of who looks, in elements. */
export interface Strided extends Address {
  readonly dtype: Storage;
  readonly strides: readonly number[];
}

export interface TensorOptions {
  readonly precision: "float32" | "bfloat16";
  /** Number of each state entry. */
  readonly stateIndex: ReadonlyMap<string, number>;
}

export class Tensors {
  readonly instructions: Instruction[] = [];
  readonly placement: Placement;
  readonly #memories = new Map<Node, Memory>();
  readonly #copies = new Map<string, DenseTensor>();
  readonly #ids = new Map<Node, number>();
  readonly #numbers = new Map<Memory, number>();
  readonly #constants: Uint8Array[] = [];
  readonly #stateIndex: ReadonlyMap<string, number>;
  #constantBytes = 0;

  /** What pictures are kept in. */
  readonly pictureStorage: "float32" | "bfloat16";

  constructor(program: Program, placement: Placement, options: TensorOptions) {
    this.placement = placement;
    this.pictureStorage = options.precision;
    this.#stateIndex = options.stateIndex;
    // One stretch for all inputs of one name: nodes of one name are the same input.
    const inputs = new Map<string, Memory>();
    for (const node of program.order) {
      if (node.op !== "input") continue;
      const memory = inputs.get(node.attributes.name) ?? arena(this.bytesOf(node));
      inputs.set(node.attributes.name, memory);
      this.#memories.set(node, memory);
    }
  }

  /** All constants, one after the other. */
  get constants(): Uint8Array {
    const all = new Uint8Array(this.#constantBytes);
    let at = 0;
    for (const part of this.#constants) {
      all.set(part, at);
      at += padded(part.byteLength);
    }
    return all;
  }

  /** Where a node's own numbers lie; the memory is there from the first time it is asked for. */
  memoryOf(node: Node): Memory {
    const known = this.#memories.get(node);
    if (known !== undefined) return known;
    const memory = this.#newMemory(node);
    this.#memories.set(node, memory);
    return memory;
  }

  /** Lets a node's numbers lie where another's are, which nobody needs once they are written. */
  share(node: Node, other: Node): void {
    this.#memories.set(node, this.memoryOf(other));
  }

  /** A number that only this stretch of memory has. */
  numberOf(memory: Memory): number {
    const known = this.#numbers.get(memory) ?? this.#numbers.size;
    this.#numbers.set(memory, known);
    return known;
  }

  state(name: string): Memory {
    return { place: 2 + this.#stateIndex.get(name)!, offset: 0, bytes: 0 };
  }

  /** Start of what a node looks at, its type, and its strides along the node's axes. */
  viewOf(node: Node): Strided {
    const { view, storage } = this.placement.get(node)!;
    const memory = this.memoryOf(view.source);
    return { memory, offset: view.offset * storageBytes(storage), dtype: storage, strides: view.strides };
  }

  /** The node's own dense tensor, for an instruction to write. */
  own(node: Node, shape: Shape = node.shape): DenseTensor {
    const { layout, storage } = this.placement.get(node)!;
    return dense(this.memoryOf(node), storage, shape, layout);
  }

  /** The node's numbers dense in a layout and type, copied unless they lie so already. */
  dense(node: Node, layout: Layout, storage: Storage, shape: Shape = node.shape): DenseTensor {
    const { memory, offset, dtype, strides } = this.viewOf(node);
    if (dtype === storage && isDense(broadcastStrides(strides, node.shape, shape), shape, layout)) {
      return { ...dense(memory, storage, shape, layout), offset };
    }
    const key = `${this.#idOf(node)} ${layout} ${storage} ${shape}`;
    const copy = this.#copies.get(key) ?? this.freshCopy(node, storage, layout, shape);
    this.#copies.set(key, copy);
    return copy;
  }

  /** A dense copy that nobody else has, repeated to `shape` by the broadcasting rule. */
  freshCopy(node: Node, storage: Storage, layout: Layout = "rows", shape: Shape = node.shape): DenseTensor {
    const copy = dense(arena(sizeOf(shape) * storageBytes(storage)), storage, shape, layout);
    const { strides, ...from } = this.viewOf(node);
    const source = { ...from, strides: broadcastStrides(strides, node.shape, shape) };
    this.copy(source, { ...copy, strides: denseStrides(shape, layout) }, { shape, layout });
    return copy;
  }

  /** Writes numbers to where others lie, each walked with strides along the axes of the space. */
  copy(from: Strided, to: Strided, { shape, layout }: Space): void {
    const order = axesInMemory(shape.length, layout);
    const along = (list: readonly number[]) => order.map((axis) => list[axis]!);
    const { extents, strides } = merged(along(shape), [along(from.strides), along(to.strides)]);
    const access = ({ memory, offset, dtype }: Strided, i: number): Access => ({
      ...{ memory, offset, dtype, register: 0 },
      strides: strides[i]!,
    });
    const [source, target] = [access(from, 0), access(to, 1)];
    const label = `copy [${shape}]`;
    if (from.dtype === "int32" && to.dtype === "int32") {
      const values = { space: extents, dtype: "int32" };
      this.instructions.push({ op: "move", label, parts: { from: source, to: target }, values });
      return;
    }
    const parts = { loads: [source], stores: [target], sums: [] };
    const values = { space: extents, steps: [], registers: 1, keptDimensions: 0 };
    this.instructions.push({ op: "fused", label, parts, values });
  }

  #newMemory(node: Node): Memory {
    if (node.op === "state") return this.state(node.attributes.name);
    if (node.op === "constant") return this.#constantMemory(node);
    return arena(this.bytesOf(node));
  }

  #constantMemory(node: Node & { op: "constant" }): Memory {
    const { values } = node.attributes;
    const isUniform = this.placement.get(node)!.view.strides.every((stride) => stride === 0);
    const kept = isUniform ? values.slice(0, 1) : values;
    const memory = { place: 1, offset: this.#constantBytes, bytes: kept.byteLength };
    this.#constants.push(new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength));
    this.#constantBytes += padded(kept.byteLength);
    return memory;
  }

  bytesOf(node: Node): number {
    return sizeOf(node.shape) * storageBytes(this.#storage(node));
  }

  #storage(node: Node): Storage {
    return this.placement.get(node)!.storage;
  }

  #idOf(node: Node): number {
    const known = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, known);
    return known;
  }
}

export function arena(bytes: number): Memory {
  return { place: 0, offset: 0, bytes };
}

function dense(memory: Memory, dtype: Storage, shape: Shape, layout: Layout): DenseTensor {
  return { memory, offset: 0, dtype, shape, channelsLast: layout === "channelsLast" && shape.length === 4 };
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

export interface MergedSpace {
  readonly extents: number[];
  /** As many as went in, each with a stride for each extent. */
  readonly strides: number[][];
}

/** The same walk with as few dimensions as can be: neighbours that all strides see as one are joined. It may have none left. */
export function joined(extents: readonly number[], strides: readonly (readonly number[])[]): MergedSpace {
  const kept: number[] = [];
  const result: number[][] = strides.map(() => []);
  for (const [axis, extent] of extents.entries()) {
    if (extent === 1) continue;
    const joins = kept.length > 0 && strides.every((s, i) => result[i]!.at(-1) === s[axis]! * extent);
    const before = joins ? kept.pop()! : 1;
    kept.push(before * extent);
    for (const [i, s] of strides.entries()) result[i]![kept.length - 1] = s[axis]!;
  }
  return { extents: kept, strides: result };
}

/** `joined`, with one dimension at least. */
export function merged(extents: readonly number[], strides: readonly (readonly number[])[]): MergedSpace {
  const space = joined(extents, strides);
  return space.extents.length > 0 ? space : { extents: [1], strides: strides.map(() => [0]) };
}
