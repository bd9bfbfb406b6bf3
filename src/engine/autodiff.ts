// Reverse-mode differentiation, graph to graph: the gradient of a program is a program. Each operation's rule states the
// gradients of its inputs as nodes (`gradients/`); this file only walks the graph backwards and adds up.
import { ShapeError } from "./errors.ts";
import { gradientRules } from "./gradients/index.ts";
import { describe, type Node, type NodeOf, type OpName, sameShape, topologicalOrder } from "./graph.ts";
import { add, filled } from "./operations/index.ts";

/**
 * Gradients of `loss` with respect to each of `wrt`, as nodes of their shapes. A loss that is no scalar counts as the
 * sum of its elements. What the loss does not depend on (or only behind `stopGradient`) has zeros.
 */
export function gradients(loss: Node, wrt: readonly Node[]): Node[] {
  if (loss.dtype !== "float32") throw new ShapeError("gradients", `the loss must be float32, got ${describe(loss)}`);
  const order = topologicalOrder([loss]);
  const needed = dependents(order, wrt);
  const flowing = new Map<Node, Node>([[loss, filled(1, loss.shape)]]);
  for (const node of order.toReversed()) {
    const dy = flowing.get(node);
    if (dy === undefined || !needed.has(node)) continue;
    const wanted = node.inputs.map((input) => needed.has(input));
    if (wanted.includes(true)) backward(node, dy, wanted, flowing);
  }
  return wrt.map((node) => (needed.has(node) ? flowing.get(node) : undefined) ?? filled(0, node.shape));
}

/** Adds the gradients that `node` passes to those of its inputs that are wanted. */
function backward(node: Node, dy: Node, wanted: readonly boolean[], flowing: Map<Node, Node>): void {
  const rule = gradientRules[node.op] as (
    node: NodeOf<OpName>,
    dy: Node,
    wanted: readonly boolean[],
  ) => (Node | null)[];
  const passed = rule(node, dy, wanted);
  node.inputs.forEach((input, i) => {
    const gradient = passed[i];
    if (!wanted[i] || gradient === null || gradient === undefined) return;
    if (!sameShape(gradient.shape, input.shape)) {
      throw new ShapeError(`gradient of ${node.op}`, `${describe(gradient)} for an input ${describe(input)}`);
    }
    const before = flowing.get(input);
    flowing.set(input, before === undefined ? gradient : add(before, gradient));
  });
}

/** The nodes of `order` that depend on one of `wrt` with nothing that stops gradients in between. */
function dependents(order: readonly Node[], wrt: readonly Node[]): Set<Node> {
  const found = new Set<Node>(wrt);
  for (const node of order) {
    if (node.op !== "stopGradient" && node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}
