// From a program to the plan that the addon carries out: simpler terms, places in memory, fused units, their order, and the
// instructions with the memory they work on.
import { EngineError } from "../../../errors.ts";
import { type Node, sizeOf } from "../../../graph.ts";
import type { Program } from "../../../program.ts";
import { layOutArena } from "./arena.ts";
import { findEpilogues } from "./epilogue.ts";
import { type Design, operandsOf, type Unit, unitsOf } from "./fuse.ts";
import { encodeInstruction, type Memory } from "./instructions.ts";
import { orderUnits } from "./order.ts";
import { placeNodes } from "./place.ts";
import { type Frozen, rewriteProgram } from "./rewrite.ts";
import { type Strided, Tensors } from "./tensors.ts";
import { denseStrides } from "./view.ts";
import { ownTarget, writeFused } from "./write-fused.ts";
import { writeConvolution, writers } from "./write-other.ts";

export interface PlanOptions {
  readonly threads: number;
  readonly precision: "float32" | "bfloat16";
  /** Number of each state entry. */
  readonly stateIndex: ReadonlyMap<string, number>;
  readonly frozen?: Frozen | undefined;
}

/** What the addon is given, and what is said of its parts in profiles. */
export interface Plan {
  readonly encoded: Readonly<Record<string, unknown>>;
  /** Names of inputs and outputs in the order in which the addon takes and gives them. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly labels: readonly string[];
  readonly arenaBytes: number;
}

export function planProgram(source: Program, options: PlanOptions): Plan {
  const program = rewriteProgram(source, options.frozen);
  const placement = placeNodes(program, options.precision);
  const epilogues = findEpilogues(program, placement);
  const design = { program, placement, epilogues };
  const tensors = new Tensors(program, placement, options);
  const { order, inPlace } = orderUnits(unitsOf(design), design);
  const inputs = [...program.inputs].map(([name, node]) => ({ name, memory: tensors.memoryOf(node) }));
  const lastReaders = lastReadersOf(order, design);
  for (const unit of order) {
    shareWithResidual(unit, lastReaders, design, tensors);
    writeUnit(unit, inPlace, design, tensors);
  }
  const outputs = [...program.outputs].map(([name, node]) => ({ name, memory: outputMemory(node, tensors) }));
  writeUpdates(program, inPlace, tensors);
  const { instructions } = tensors;
  const memories = (list: readonly { memory: Memory }[]) => list.map(({ memory }) => memory);
  const arenaBytes = layOutArena(instructions, memories(inputs), memories(outputs));
  const span = ({ memory }: { memory: Memory }) => ({
    place: memory.place,
    offset: memory.offset,
    bytes: memory.bytes,
  });
  return {
    encoded: {
      threads: options.threads,
      arenaBytes,
      constants: tensors.constants,
      inputs: inputs.map(span),
      outputs: outputs.map(span),
      instructions: instructions.map(encodeInstruction),
    },
    inputs: inputs.map(({ name }) => name),
    outputs: outputs.map(({ name }) => name),
    labels: instructions.map(({ label }) => label),
    arenaBytes,
  };
}

/** The last unit that reads each node; none for what the program gives out. */
function lastReadersOf(order: readonly Unit[], design: Design): Map<Node, Unit> {
  const { program, placement } = design;
  const readers = new Map<Node, Unit>();
  const sourceOf = (node: Node) => placement.get(node)!.view.source;
  for (const unit of order) {
    for (const node of unit.nodes) for (const operand of operandsOf(node, design)) readers.set(sourceOf(operand), unit);
  }
  for (const node of [...program.outputs.values(), ...program.updates.values()]) readers.delete(sourceOf(node));
  return readers;
}

/** A convolution adds to the residual where it lies when nobody reads that any more: the library does so fastest. */
function shareWithResidual(unit: Unit, lastReaders: ReadonlyMap<Node, Unit>, design: Design, tensors: Tensors): void {
  const [node] = unit.nodes;
  const residual = design.epilogues.of.get(node)?.residual;
  if (residual === undefined || lastReaders.get(residual) !== unit) return;
  const { kind, storage } = design.placement.get(residual)!;
  if ((kind === "elementwise" || kind === "other") && storage === design.placement.get(node)!.storage) {
    tensors.share(node, residual);
  }
}

function writeUnit(unit: Unit, inPlace: ReadonlySet<string>, design: Design, tensors: Tensors): void {
  const [node] = unit.nodes;
  if (unit.kind === "other") {
    const epilogue = design.epilogues.of.get(node);
    if (epilogue === undefined) writeOther(node, design, tensors);
    else writeConvolution(node, epilogue, tensors);
    return;
  }
  const targets = new Map(unit.nodes.map((member) => [member, targetsOf(member, unit, inPlace, design, tensors)]));
  tensors.instructions.push(writeFused({ ...unit, targets }, design, tensors));
}

function writeOther(node: Node, { program }: Design, tensors: Tensors): void {
  const write = writers[node.op] as ((node: Node, tensors: Tensors) => void) | undefined;
  if (write === undefined)
    throw new EngineError(`program "${program.name}"`, `the native engine cannot run ${node.op}`);
  write(node, tensors);
}

/** Where the numbers of an element-wise node go: to memory of its own where somebody reads it, to state entries. */
function targetsOf(
  node: Node,
  unit: Unit,
  inPlace: ReadonlySet<string>,
  { program, placement }: Design,
  tensors: Tensors,
): Strided[] {
  if (placement.get(node)!.kind !== "elementwise") return [];
  const entries = [...program.updates].filter(([, value]) => value === node).map(([name]) => name);
  const there = entries.filter((name) => inPlace.has(name)).map((name) => stateTarget(name, node, tensors));
  const isRead = unit.stored.has(node) || there.length < entries.length;
  return isRead ? [ownTarget(node, tensors), ...there] : there;
}

function stateTarget(name: string, node: Node, tensors: Tensors): Strided {
  return { memory: tensors.state(name), offset: 0, dtype: "float32", strides: denseStrides(node.shape, "rows") };
}

/** Memory of the arena that holds an output in rows and in its own type. */
function outputMemory(node: Node, tensors: Tensors): Memory {
  const storage = node.dtype === "bool" ? "uint8" : node.dtype;
  const { memory, offset } = tensors.dense(node, "rows", storage);
  const isWhole = memory.place === 0 && offset === 0 && memory.bytes === tensors.bytesOf(node);
  if (isWhole && node.op !== "input") return memory;
  return tensors.freshCopy(node, storage).memory;
}

/** What could not be written in place is copied at the end: first all values, then all entries. */
function writeUpdates(program: Program, inPlace: ReadonlySet<string>, tensors: Tensors): void {
  const late = [...program.updates].filter(([name]) => !inPlace.has(name));
  const kept = late.map(([name, node]) => ({ name, node, copy: tensors.freshCopy(node, "float32") }));
  for (const { name, node, copy } of kept) {
    const count = sizeOf(node.shape);
    const flat = { strides: [1], dtype: "float32" as const, register: 0 };
    tensors.instructions.push({
      op: "fused",
      label: `update ${name}`,
      parts: {
        loads: [{ ...flat, memory: copy.memory, offset: 0 }],
        stores: [{ ...flat, memory: tensors.state(name), offset: 0 }],
        sums: [],
      },
      values: { space: [count], steps: [], registers: 1, keptDimensions: 0 },
    });
  }
}
