// What follows a convolution whose kernel is a constant: a bias, another picture added, relu. The library does all three before
// the result leaves the registers, so that three walks over the pictures fall away.
import type { Node, NodeOf } from "../../../graph.ts";
import type { Program } from "../../../program.ts";
import type { Placement } from "./place.ts";

export interface Epilogue {
  readonly convolution: NodeOf<"conv2d">;
  /** [1, channels, 1, 1], constant. */
  readonly bias?: Node;
  readonly residual?: Node;
  readonly relu: boolean;
}

export interface Epilogues {
  /** By the node whose value the convolution gives with them. */
  readonly of: ReadonlyMap<Node, Epilogue>;
  /** The convolutions themselves and what lies between: nothing of it is computed by itself. */
  readonly absorbed: ReadonlySet<Node>;
}

export function findEpilogues(program: Program, placement: Placement): Epilogues {
  const users = usersOf(program);
  const of = new Map<Node, Epilogue>();
  const absorbed = new Set<Node>();
  for (const node of program.order) {
    if (node.op !== "conv2d" || node.inputs[1]!.op !== "constant") continue;
    const { steps, epilogue } = follow(node, users, placement, (other) => absorbed.has(other) || of.has(other));
    const result = steps.pop();
    if (result === undefined) continue;
    of.set(result, epilogue);
    for (const step of [node as Node, ...steps]) absorbed.add(step);
  }
  return { of, absorbed };
}

/** The only users of each node that the program does not give out; others have none. */
function usersOf({ order, outputs, updates }: Program): ReadonlyMap<Node, readonly Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of order) for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node]);
  for (const node of [...outputs.values(), ...updates.values()]) users.delete(node);
  return users;
}

function follow(
  convolution: NodeOf<"conv2d">,
  users: ReadonlyMap<Node, readonly Node[]>,
  placement: Placement,
  /** Whether another convolution gives the node already: where two are added, the first takes the sum. */
  isTaken: (node: Node) => boolean,
): { epilogue: Epilogue; steps: Node[] } {
  const steps: Node[] = [];
  let result = convolution as Node;
  let bias: Node | undefined;
  let residual: Node | undefined;
  let relu = false;
  for (let next = onlyUser(result, users); next !== undefined && !relu; next = onlyUser(result, users)) {
    if (isTaken(next)) break;
    if (next.op === "relu") relu = true;
    else if (next.op !== "add") break;
    else {
      const other = next.inputs[0] === result ? next.inputs[1]! : next.inputs[0]!;
      if (bias === undefined && residual === undefined && isBias(other, convolution as Node)) bias = other;
      else if (residual === undefined && isWholePicture(other, convolution as Node, placement)) residual = other;
      else break;
    }
    steps.push(next);
    result = next;
  }
  const parts = { ...(bias === undefined ? {} : { bias }), ...(residual === undefined ? {} : { residual }) };
  return { epilogue: { convolution, relu, ...parts }, steps };
}

function onlyUser(node: Node, users: ReadonlyMap<Node, readonly Node[]>): Node | undefined {
  const list = users.get(node);
  return list?.length === 1 ? list[0] : undefined;
}

function isBias(node: Node, convolution: Node): boolean {
  return node.op === "constant" && node.shape.join() === [1, convolution.shape[1]!, 1, 1].join();
}

function isWholePicture(node: Node, convolution: Node, placement: Placement): boolean {
  const { layout, view } = placement.get(node)!;
  return node.shape.join() === convolution.shape.join() && layout === "channelsLast" && view.source === node;
}
