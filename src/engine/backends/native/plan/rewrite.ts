// The program in simpler terms, before it is planned: normalisation becomes arithmetic that fuses with what is around it, and
// in a frozen program the state becomes constants, what depends on constants only is computed once, and normalisation after a
// convolution goes into its kernel.
import type { StateEntry } from "../../../backend.ts";
import { makeNode, type Node, type NodeOf, type OpName, sizeOf } from "../../../graph.ts";
import { add, constant, div, mul, reshape, sqrt, sub } from "../../../operations/index.ts";
import { type Program, program } from "../../../program.ts";
import { evaluate } from "../../reference/index.ts";

export type Frozen = ReadonlyMap<string, StateEntry>;

export function rewriteProgram(source: Program, frozen: Frozen | undefined): Program {
  const users = countUsers(source);
  const rewritten = new Map<Node, Node>();
  for (const node of source.order) {
    const inputs = node.inputs.map((input) => rewritten.get(input)!);
    const result = rewriteNode(node, inputs, { frozen, users });
    rewritten.set(node, frozen === undefined ? result : folded(result));
  }
  const renewed = (nodes: ReadonlyMap<string, Node>) =>
    new Map([...nodes].map(([name, node]) => [name, rewritten.get(node)!] as const));
  const outputs = Object.fromEntries(renewed(source.outputs));
  return program({ name: source.name, outputs, updates: renewed(source.updates) });
}

interface Surroundings {
  readonly frozen: Frozen | undefined;
  /** How often each node of the source is used. */
  readonly users: ReadonlyMap<Node, number>;
}

function countUsers({ order, outputs, updates }: Program): Map<Node, number> {
  const users = new Map<Node, number>();
  const note = (node: Node) => users.set(node, (users.get(node) ?? 0) + 1);
  for (const node of order) node.inputs.forEach(note);
  [...outputs.values(), ...updates.values()].forEach(note);
  return users;
}

function rewriteNode(node: Node, inputs: readonly Node[], { frozen, users }: Surroundings): Node {
  if (node.op === "state" && frozen !== undefined) {
    const { values, shape } = frozen.get(node.attributes.name)!;
    return constant(values, shape);
  }
  if (node.op === "normalise") return normalisation(node, inputs, isReadOnce(node.inputs[0]!, users));
  if (node.inputs.every((input, i) => input === inputs[i])) return node;
  return makeNode(node.op as OpName, inputs, node.attributes as never, node.shape, node.dtype);
}

/** Whether one node alone reads it, and where it is a sum one alone reads what it is of. */
function isReadOnce(node: Node, users: Surroundings["users"]): boolean {
  const parts = node.op === "add" ? node.inputs.filter(({ op }) => op === "conv2d") : [];
  return [node, ...parts].every((each) => users.get(each) === 1);
}

/** By arithmetic for each channel; into the kernel where it is a constant and nobody else sees the convolution. */
function normalisation(node: NodeOf<"normalise">, inputs: readonly Node[], isOnlyUser: boolean): Node {
  const [x, mean, variance, scale, shift] = inputs as readonly [Node, Node, Node, Node, Node];
  const factor = div(scale, sqrt(add(variance, node.attributes.epsilon)));
  const { convolution, bias } = withBias(x);
  const centre = bias === undefined ? mean : sub(mean, reshape(bias, mean.shape));
  const offset = perChannel(sub(shift, mul(centre, factor)));
  if (convolution !== undefined && isOnlyUser && [factor, convolution.inputs[1]!, offset].every(isConstant)) {
    const [pictures, kernel] = convolution.inputs as readonly [Node, Node];
    const scaled = folded(mul(kernel, reshape(factor, [kernel.shape[0]!, 1, 1, 1])));
    return add(makeNode("conv2d", [pictures, scaled], convolution.attributes, x.shape), folded(offset));
  }
  // Not x * factor + offset, which loses digits where the mean is large beside the deviation.
  return add(mul(sub(x, perChannel(mean)), perChannel(factor)), perChannel(shift));
}

/** A convolution, by itself or with a number added for each channel. */
function withBias(x: Node): { readonly convolution?: NodeOf<"conv2d">; readonly bias?: Node } {
  if (x.op === "conv2d") return { convolution: x };
  if (x.op !== "add") return {};
  const [left, right] = x.inputs as readonly [Node, Node];
  const [convolution, bias] = left.op === "conv2d" ? [left, right] : [right, left];
  const isPerChannel = bias.shape.join() === [1, x.shape[1]!, 1, 1].join();
  return convolution.op === "conv2d" && isPerChannel ? { convolution, bias } : {};
}

function perChannel(x: Node): Node {
  return reshape(x, [1, x.shape[0]!, 1, 1]);
}

/** Whether nothing but constants is below it. */
function isConstant(node: Node): boolean {
  return node.op === "constant" || (node.inputs.length > 0 && node.inputs.every(isConstant));
}

/** Larger results are left to the program: they would be kept in memory for nothing. */
const mostNumbersFolded = 1 << 24;

/** The node as a constant when it is one, else the node. */
function folded(node: Node): Node {
  if (node.op === "constant" || node.dtype !== "float32" || sizeOf(node.shape) > mostNumbersFolded) return node;
  if (!isConstant(node)) return node;
  const [values] = evaluate([node], {});
  return constant(Float32Array.from(values!), node.shape);
}
