// Which nodes are done by one fused step. Nodes of one step walk over the same space in the same layout, and no way between two
// of them leads through another step: to see to that every node has a stage, which grows wherever a result has to be in memory
// before it can be read. Nodes of one stage that feed each other, or read the same tensor, go together.
import { type Node, sizeOf } from "../../../graph.ts";
import type { Program } from "../../../program.ts";
import type { Epilogues } from "./epilogue.ts";
import { keptAxesOfSum, layoutOfSum, type Placement } from "./place.ts";
import { isDense, type Space } from "./view.ts";

/** What becomes one instruction: nodes fused together, or one node by itself. */
export interface Unit {
  readonly kind: "fused" | "other";
  readonly nodes: readonly [Node, ...Node[]];
  readonly space: Space;
  /** Nodes whose numbers have to be in memory. */
  readonly stored: ReadonlySet<Node>;
}

/** What has been decided about a program before its nodes become units. */
export interface Design {
  readonly program: Program;
  readonly placement: Placement;
  readonly epilogues: Epilogues;
}

/** The node whose numbers an input is, when the step can take them from its registers. */
export function fusableSource(user: Node, input: Node, { placement, epilogues }: Design): Node | undefined {
  const { view } = placement.get(input)!;
  const { source } = view;
  const made = placement.get(source)!;
  if (
    made.kind !== "elementwise" ||
    epilogues.of.has(source) ||
    !isFusedKind(user, placement) ||
    keepsAxes(user, placement)
  )
    return undefined;
  const space = spaceOf(user, placement);
  const same = source.shape.join() === space.shape.join() && made.layout === space.layout;
  return same && view.offset === 0 && isDense(view.strides, space.shape, space.layout) ? source : undefined;
}

export function spaceOf(node: Node, placement: Placement): Space {
  const placed = placement.get(node)!;
  if (placed.kind === "rowSum") return { shape: node.inputs[0]!.shape, layout: layoutOfSum(node, placement) };
  return { shape: node.shape, layout: placed.layout };
}

function isFusedKind(node: Node, placement: Placement): boolean {
  const { kind } = placement.get(node)!;
  return kind === "elementwise" || kind === "rowSum";
}

/** Sums that start anew along outer axes are cut otherwise than the rest: they are steps of their own. */
function keepsAxes(node: Node, placement: Placement): boolean {
  return placement.get(node)!.kind === "rowSum" && keptAxesOfSum(node, placement) > 0;
}

/** What a node's instruction reads: with a convolution's epilogue that of all it stands for. */
export function operandsOf(node: Node, { epilogues }: Design): readonly Node[] {
  const epilogue = epilogues.of.get(node);
  if (epilogue === undefined) return node.inputs;
  const { convolution, bias, residual } = epilogue;
  return [...convolution.inputs, ...(bias === undefined ? [] : [bias]), ...(residual === undefined ? [] : [residual])];
}

export function unitsOf(design: Design): Unit[] {
  const { program, placement, epilogues } = design;
  const nodes = program.order.filter(
    (node) => !["leaf", "view"].includes(placement.get(node)!.kind) && !epilogues.absorbed.has(node),
  );
  const isFused = (node: Node) => isFusedKind(node, placement) && !epilogues.of.has(node);
  const stages = stagesOf(design, nodes);
  const groups = group(nodes.filter(isFused), stages, design);
  const others = nodes.filter((node) => !isFused(node)).map((node) => [node]);
  const unitOf = new Map<Node, readonly Node[]>();
  for (const members of [...groups, ...others]) for (const node of members) unitOf.set(node, members);
  const stored = storedNodes(design, nodes, unitOf);
  return [...groups, ...others].map((members) => ({
    kind: isFused(members[0]!) ? "fused" : "other",
    nodes: members as [Node, ...Node[]],
    space: spaceOf(members[0]!, placement),
    stored: new Set(members.filter((node) => stored.has(node))),
  }));
}

/** Nodes that are read from memory: by other units, in another way than they lie, or from outside. */
function storedNodes(design: Design, nodes: readonly Node[], unitOf: ReadonlyMap<Node, readonly Node[]>): Set<Node> {
  const { program, placement } = design;
  const stored = new Set<Node>([...program.outputs.values()].map((node) => sourceOf(node, placement)));
  for (const node of program.updates.values()) {
    // An update in rows can be written where it belongs; whether it is, is decided later.
    const { view, layout } = placement.get(node)!;
    if (view.source !== node || layout !== "rows" || placement.get(node)!.kind !== "elementwise")
      stored.add(view.source);
  }
  for (const node of nodes) {
    for (const input of operandsOf(node, design)) {
      const source = fusableSource(node, input, design);
      const inRegister = source !== undefined && unitOf.get(source) === unitOf.get(node);
      if (!inRegister) stored.add(sourceOf(input, placement));
    }
  }
  return stored;
}

/** As early as possible first; then results that only later stages fuse with are moved there, and need no memory. */
function stagesOf(design: Design, nodes: readonly Node[]): Map<Node, number> {
  const { program, placement } = design;
  const stages = new Map<Node, number>();
  const users = new Map<Node, { readonly user: Node; readonly fuses: boolean }[]>();
  for (const node of nodes) {
    let stage = 0;
    for (const input of operandsOf(node, design)) {
      const source = sourceOf(input, placement);
      const fuses = fusableSource(node, input, design) !== undefined;
      const before = stages.get(source);
      if (before !== undefined) stage = Math.max(stage, fuses ? before : before + 1);
      users.set(source, [...(users.get(source) ?? []), { user: node, fuses }]);
    }
    stages.set(node, stage);
  }
  const given = new Set([...program.outputs.values(), ...program.updates.values()].map((n) => sourceOf(n, placement)));
  for (const node of nodes.toReversed()) {
    const uses = users.get(node) ?? [];
    const [first] = uses.map(({ user }) => stages.get(user)!);
    if (first === undefined || given.has(node) || !isFusedKind(node, placement)) continue;
    if (uses.every(({ user, fuses }) => fuses && stages.get(user) === first)) stages.set(node, first);
  }
  return stages;
}

function sourceOf(node: Node, placement: Placement): Node {
  return placement.get(node)!.view.source;
}

/** Below this many numbers sharing an input is no reason to go together. */
const fewestShared = 4096;

/** Joins nodes of one stage that feed each other or read one large tensor; each group in order of the program. */
function group(nodes: readonly Node[], stages: ReadonlyMap<Node, number>, design: Design): Node[][] {
  const { placement } = design;
  const parents = new Map<Node, Node>(nodes.map((node) => [node, node]));
  const rootOf = (node: Node): Node => {
    let root = node;
    while (parents.get(root) !== root) root = parents.get(root)!;
    parents.set(node, root);
    return root;
  };
  const readers = new Map<string, Node>();
  const ids = new Map(design.program.order.map((node, i) => [node, i]));
  for (const node of nodes) {
    const stage = stages.get(node)!;
    if (keepsAxes(node, placement)) continue;
    const { shape, layout } = spaceOf(node, placement);
    for (const input of node.inputs) {
      const source = fusableSource(node, input, design);
      if (source !== undefined && stages.get(source) === stage) {
        parents.set(rootOf(node), rootOf(source));
      } else if (sizeOf(shape) >= fewestShared && input.shape.join() === shape.join()) {
        const key = `${stage} ${shape} ${layout} ${ids.get(placement.get(input)!.view.source)}`;
        const other = readers.get(key);
        if (other === undefined) readers.set(key, node);
        else parents.set(rootOf(node), rootOf(other));
      }
    }
  }
  const groups = new Map<Node, Node[]>();
  for (const node of nodes) {
    const root = rootOf(node);
    groups.set(root, [...(groups.get(root) ?? []), node]);
  }
  return [...groups.values()];
}
