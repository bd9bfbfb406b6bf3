// Which items are labelled, ignored, or still in the pool. A value: every change gives a new one, and an item is in
// exactly one of the three places, so that no two lists have to be kept in step.
import { ForelossError } from "../core/errors.ts";
import type { ItemId, LabelledItem } from "../core/item.ts";

export interface PoolState<Label = unknown> {
  /** Items without a label that may be asked for. */
  readonly pool: ReadonlySet<ItemId>;
  /** By id, in the order in which the labels came. */
  readonly labelled: ReadonlyMap<ItemId, LabelledItem<Label>>;
  /** Items that cannot or should not be labelled: neither trained on nor asked for. */
  readonly ignored: ReadonlySet<ItemId>;
}

/** A label as it comes in. */
export type NewLabel<Label> = Omit<LabelledItem<Label>, "cycle">;

/** The state made of these parts. Throws a `ForelossError` when an id is named twice, in one part or in two. */
export function createPoolState<Label = unknown>(parts: {
  readonly pool: Iterable<ItemId>;
  readonly labelled?: Iterable<LabelledItem<Label>>;
  readonly ignored?: Iterable<ItemId>;
}): PoolState<Label> {
  const place = new Map<ItemId, string>();
  const claim = (id: ItemId, where: string) => {
    const other = place.get(id);
    if (other !== undefined) throw doubled(id, other, where);
    place.set(id, where);
    return id;
  };
  const labelled = new Map<ItemId, LabelledItem<Label>>();
  for (const item of parts.labelled ?? []) labelled.set(claim(item.id, "labelled"), item);
  const ignored = new Set<ItemId>();
  for (const id of parts.ignored ?? []) ignored.add(claim(id, "ignored"));
  const pool = new Set<ItemId>();
  for (const id of parts.pool) pool.add(claim(id, "in the pool"));
  return { pool, labelled, ignored };
}

/** Moves pool items to the labelled ones. Throws when one is not in the pool or is named twice. */
export function label<Label>(
  state: PoolState<Label>,
  labels: readonly NewLabel<Label>[],
  cycle: number,
): PoolState<Label> {
  const pool = new Set(state.pool);
  const labelled = new Map(state.labelled);
  for (const { id, label } of labels) {
    if (!pool.delete(id))
      throw misplaced("label", id, placeOf({ ...state, pool, labelled }, id), "an item of the pool");
    labelled.set(id, { id, label, cycle });
  }
  return { ...state, pool, labelled };
}

/** Changes the label of a labelled item, which keeps its cycle and its place in the order. */
export function relabel<Label>(state: PoolState<Label>, change: NewLabel<Label>): PoolState<Label> {
  const before = state.labelled.get(change.id);
  if (before === undefined) throw misplaced("relabel", change.id, placeOf(state, change.id), "a labelled item");
  return { ...state, labelled: new Map(state.labelled).set(change.id, { ...before, label: change.label }) };
}

/** Sets an item of the pool or a labelled one aside; its label, if it had one, is dropped. */
export function ignore<Label>(state: PoolState<Label>, id: ItemId): PoolState<Label> {
  const pool = new Set(state.pool);
  const labelled = new Map(state.labelled);
  if (!pool.delete(id) && !labelled.delete(id)) {
    throw misplaced("ignore", id, placeOf(state, id), "an item of the pool or a labelled one");
  }
  return { pool, labelled, ignored: new Set(state.ignored).add(id) };
}

/** Puts an ignored or labelled item back into the pool; its label, if it had one, is dropped. */
export function restore<Label>(state: PoolState<Label>, id: ItemId): PoolState<Label> {
  const labelled = new Map(state.labelled);
  const ignored = new Set(state.ignored);
  if (!ignored.delete(id) && !labelled.delete(id)) {
    throw misplaced("restore", id, placeOf(state, id), "an ignored item or a labelled one");
  }
  return { pool: new Set(state.pool).add(id), labelled, ignored };
}

function placeOf(state: PoolState, id: ItemId): string {
  if (state.pool.has(id)) return "in the pool";
  if (state.labelled.has(id)) return "labelled already";
  return state.ignored.has(id) ? "ignored" : "unknown";
}

function misplaced(act: string, id: ItemId, place: string, wanted: string): ForelossError {
  return new ForelossError(`${act}: item "${id}" is ${place}; give ${wanted}`);
}

function doubled(id: ItemId, first: string, second: string): ForelossError {
  const where = first === second ? `${first} twice` : `both ${first} and ${second}`;
  return new ForelossError(`pool state: item "${id}" is ${where}; every item belongs in exactly one place, once`);
}
