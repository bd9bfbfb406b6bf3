// Writes a program out as one ONNX model. State is fed as inputs `state/<name>` (or baked in as constants) and new state
// comes out as outputs; the caller moves the values.
import type { StateEntry } from "../../backend.ts";
import type { Node } from "../../graph.ts";
import type { Program } from "../../program.ts";
import { lowerings } from "./lowering/index.ts";
import type { ComputedOp, Lowerer, Lowering, TrainedNormalisation } from "./lowering/lowering.ts";
import { emitTrainedNormalisation } from "./lowering/pictures.ts";
import { OnnxWriter } from "./writer.ts";

export interface LoweredProgram {
  readonly model: Uint8Array;
  /** Name of the model's value for each output of the program. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Name of the model's value for each updated state entry. */
  readonly updates: ReadonlyMap<string, string>;
}

export interface LoweringOptions {
  /** Values of the state to bake in as constants; without it state is fed. */
  readonly frozen?: ReadonlyMap<string, StateEntry>;
  /** Write a model for other readers: standard operators, inputs and outputs under the program's own names, batch of any size. */
  readonly portable?: boolean;
  /** Channels in a block of the runtime's own picture layout, for training; frozen programs are blocked by the runtime. */
  readonly channelBlock?: number | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Name of the input that carries a state entry. */
export function stateInput(name: string): string {
  return `state/${name}`;
}

export function lowerProgram(program: Program, options: LoweringOptions = {}): LoweredProgram {
  const writer = new OnnxWriter({ portable: options.portable ?? false });
  const values = new Map<Node, string>();
  declareLeaves(program, options, writer, values);
  const lowerer = makeLowerer(program, writer, values, options.channelBlock);
  for (const node of program.order) lowerer.valueOf(node);
  const taken = new Set<string>();
  const give = (name: string, node: Node) => {
    const value = outputName(writer, taken, node, lowerer.valueOf(node), options.portable ? name : undefined);
    writer.addOutput(value, node.dtype, declaredShape(node, options.portable ?? false));
    return value;
  };
  const outputs = new Map([...program.outputs].map(([name, node]) => [name, give(name, node)] as const));
  const updates = new Map([...program.updates].map(([name, node]) => [name, give(name, node)] as const));
  return { model: writer.finish(program.name, options.metadata), outputs, updates };
}

function declareLeaves(
  program: Program,
  options: LoweringOptions,
  writer: OnnxWriter,
  values: Map<Node, string>,
): void {
  const frozen = options.frozen;
  for (const node of program.order) {
    if (node.op === "constant") values.set(node, writer.constant(node.attributes.values, node.shape));
    if (node.op === "input") values.set(node, node.attributes.name);
    if (node.op === "state")
      values.set(node, frozen === undefined ? stateInput(node.attributes.name) : node.attributes.name);
  }
  const free = options.portable ?? false;
  for (const [name, node] of program.inputs) writer.addInput(name, node.dtype, declaredShape(node, free));
  for (const [name, node] of program.state) {
    const entry = frozen?.get(name);
    if (entry === undefined) writer.addInput(stateInput(name), node.dtype, node.shape);
    else writer.constant(entry.values, entry.shape, name);
  }
}

/** A node's shape, its first axis left open as `batch` in a portable model. */
function declaredShape(node: Node, batchIsFree: boolean): readonly (number | string)[] {
  return batchIsFree && node.shape.length > 0 ? ["batch", ...node.shape.slice(1)] : node.shape;
}

function makeLowerer(
  program: Program,
  writer: OnnxWriter,
  values: Map<Node, string>,
  channelBlock: number | undefined,
): Lowerer {
  const users = usersIn(program);
  const normalisations = new Map<Node, TrainedNormalisation>();
  const lowerer: Lowerer = {
    writer,
    channelBlock,
    usersOf: (node) => users.get(node) ?? [],
    valueOf(node) {
      const known = values.get(node);
      if (known !== undefined) return known;
      const inputs = node.inputs.map((input) => lowerer.valueOf(input));
      const value = (lowerings[node.op as ComputedOp] as Lowering<ComputedOp>)(node as never, inputs, lowerer);
      values.set(node, value);
      return value;
    },
    trainedNormalisation(moments) {
      const known = normalisations.get(moments) ?? emitTrainedNormalisation(moments, lowerer);
      normalisations.set(moments, known);
      return known;
    },
  };
  return lowerer;
}

/** Who uses each node. Nodes that the program gives out are left out: nobody may do without them. */
function usersIn(program: Program): Map<Node, Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of program.order) {
    for (const input of new Set(node.inputs)) {
      const known = users.get(input);
      if (known === undefined) users.set(input, [node]);
      else known.push(node);
    }
  }
  for (const node of [...program.outputs.values(), ...program.updates.values()]) users.delete(node);
  return users;
}

/** A name that no other output and no leaf has, by a copy where need be. */
function outputName(
  writer: OnnxWriter,
  taken: Set<string>,
  node: Node,
  value: string,
  name: string | undefined,
): string {
  const leaf = node.inputs.length === 0;
  const passedOn = node.op === "stopGradient" || node.op === "broadcastTo";
  const result =
    name !== undefined
      ? writer.rename(value, name)
      : leaf || passedOn || taken.has(value)
        ? writer.emit("Identity", [value])
        : value;
  taken.add(result);
  return result;
}
