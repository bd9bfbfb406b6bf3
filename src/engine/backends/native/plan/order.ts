// The order of the units, and which state entries are written where they lie. A unit comes after those it reads; one that writes
// a state entry in place comes after all others that read the entry's old value. Where that cannot be, the entry is copied at
// the very end.
import type { Node } from "../../../graph.ts";
import { type Design, operandsOf, type Unit } from "./fuse.ts";
import { isDense } from "./view.ts";

export interface OrderedUnits {
  readonly order: readonly Unit[];
  /** State entries that a fused unit writes in place. */
  readonly inPlace: ReadonlySet<string>;
}

export function orderUnits(units: readonly Unit[], design: Design): OrderedUnits {
  const edges = new Map<Unit, Set<Unit>>(units.map((unit) => [unit, new Set<Unit>()]));
  const unitOf = new Map<Node, Unit>(units.flatMap((unit) => unit.nodes.map((node) => [node, unit] as const)));
  for (const unit of units) {
    for (const source of sourcesOf(unit, design)) {
      const before = unitOf.get(source);
      if (before !== undefined && before !== unit) edges.get(unit)!.add(before);
    }
  }
  const readers = stateReaders(units, design);
  const inPlace = new Set<string>();
  for (const [name, value] of design.program.updates) {
    const writer = unitOf.get(value);
    if (writer === undefined || !canWriteThere(name, value, writer, design)) continue;
    const others = [...(readers.get(name) ?? [])].filter((reader) => reader !== writer);
    if (others.some((reader) => reaches(reader, writer, edges))) continue;
    for (const reader of others) edges.get(writer)!.add(reader);
    inPlace.add(name);
  }
  return { order: sorted(units, edges, design), inPlace };
}

function sourcesOf(unit: Unit, design: Design): Node[] {
  const operands = unit.nodes.flatMap((node) => operandsOf(node, design));
  return operands.map((operand) => design.placement.get(operand)!.view.source);
}

/** Units that read each state entry. */
function stateReaders(units: readonly Unit[], design: Design): Map<string, Set<Unit>> {
  const readers = new Map<string, Set<Unit>>();
  for (const unit of units) {
    for (const source of sourcesOf(unit, design)) {
      if (source.op !== "state") continue;
      const { name } = source.attributes;
      readers.set(name, (readers.get(name) ?? new Set()).add(unit));
    }
  }
  return readers;
}

/** Whether a unit may write an entry while it reads it: it must see it number by number, and nobody may ask for it later. */
function canWriteThere(name: string, value: Node, writer: Unit, { program, placement }: Design): boolean {
  const { kind, layout, view } = placement.get(value)!;
  if (writer.kind !== "fused" || kind !== "elementwise" || layout !== "rows" || view.source !== value) return false;
  const isEntry = (node: Node) => node.op === "state" && node.attributes.name === name;
  const later = [...program.outputs.values(), ...program.updates.values()];
  if (later.some((node) => isEntry(placement.get(node)!.view.source))) return false;
  return writer.nodes.every((node) =>
    node.inputs.every((input) => {
      const seen = placement.get(input)!.view;
      if (!isEntry(seen.source)) return true;
      const whole = input.shape.join() === value.shape.join();
      return whole && seen.offset === 0 && isDense(seen.strides, input.shape, "rows");
    }),
  );
}

/** Whether `unit` has to come after `target`, directly or by way of others. */
function reaches(unit: Unit, target: Unit, edges: ReadonlyMap<Unit, ReadonlySet<Unit>>): boolean {
  const seen = new Set<Unit>();
  const waiting = [unit];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === target) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...edges.get(next)!);
  }
  return false;
}

/**
 * Units after those they wait for. Among those that could come next, first one that only sums up what it reads, so that this can
 * be let go; then the one that stands first in the program.
 */
function sorted(units: readonly Unit[], edges: ReadonlyMap<Unit, ReadonlySet<Unit>>, design: Design): Unit[] {
  const positions = new Map(design.program.order.map((node, i) => [node, i]));
  const rankOf = (unit: Unit) =>
    isSummary(unit, design) ? -1 : Math.max(...unit.nodes.map((node) => positions.get(node)!));
  const ranks = new Map(units.map((unit) => [unit, rankOf(unit)]));
  const waiting = [...units].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
  const done = new Set<Unit>();
  const order: Unit[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex((unit) => [...edges.get(unit)!].every((before) => done.has(before)));
    const [next] = waiting.splice(at, 1);
    done.add(next!);
    order.push(next!);
  }
  return order;
}

function isSummary(unit: Unit, { placement }: Design): boolean {
  return unit.nodes.every((node) => placement.get(node)!.kind === "rowSum");
}
