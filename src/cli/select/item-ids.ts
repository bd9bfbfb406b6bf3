// What the items of a pool are called: by a file of ids, by the column of ids of a table, or by the numbers of their rows.
import { ForelossError } from "../../core/errors.ts";
import type { ItemId } from "../../core/item.ts";
import { type ArrayFile, formatArrayFile, openTable, readTexts } from "../../records/arrays/array-file.ts";
import { idColumns } from "../../records/arrays/table.ts";
import { type Inputs, inputFile } from "./choice.ts";

export interface ItemIds {
  /** Null: items are called by their row number, from 0. */
  readonly list: readonly ItemId[] | null;
  /** Opens messages. */
  readonly where: string;
}

export function idOf(ids: ItemIds, row: number): ItemId {
  return ids.list?.[row] ?? String(row);
}

/** Ids of the pool. Every table with a column of ids must have the same ids in the same order. */
export async function readIds(inputs: Inputs): Promise<ItemIds> {
  const given = inputFile(inputs, "ids");
  const files = [inputs.scores, inputs.embeddings, inputs.probabilities, inputs.members, inputs.gradients].flatMap(
    (some) => some ?? [],
  );
  const columns = (await Promise.all(files.map(idColumnOf))).filter((file) => file !== null);
  const all = await Promise.all(distinctFiles([...(given === undefined ? [] : [given]), ...columns]).map(namedIds));
  for (const other of all.slice(1)) refuseOtherIds(all[0]!, other);
  if (all[0] === undefined) return { list: null, where: files[0]?.path ?? "" };
  refuseTwice(all[0]);
  return all[0];
}

/** Ids of the labelled items that stand in files of their own; null when they have none. */
export async function readLabelledIds(inputs: Inputs): Promise<ItemIds | null> {
  const labelled = inputFile(inputs, "labelled");
  const column = labelled === undefined ? null : await idColumnOf(labelled);
  const file = inputFile(inputs, "labelled-ids") ?? column;
  if (file === null) return null;
  const ids = await namedIds(file);
  refuseTwice(ids);
  return ids;
}

/** Names of labelled items, made up where they have no ids. */
export function labelledNames(ids: readonly ItemId[] | null | undefined, rows: number): readonly ItemId[] {
  return ids ?? Array.from({ length: rows }, (_, row) => `labelled row ${row}`);
}

async function namedIds(file: ArrayFile): Promise<ItemIds & { list: readonly ItemId[] }> {
  return { list: await readTexts(file), where: formatArrayFile(file) };
}

async function idColumnOf({ path }: ArrayFile): Promise<ArrayFile | null> {
  const columns = (await openTable(path))?.columns.map(({ name }) => name) ?? [];
  const part = idColumns.find((name) => columns.includes(name));
  return part === undefined ? null : { path, part };
}

function distinctFiles(files: readonly ArrayFile[]): ArrayFile[] {
  return [...new Map(files.map((file) => [formatArrayFile(file), file])).values()];
}

function refuseOtherIds(first: ItemIds & { list: readonly ItemId[] }, other: typeof first): void {
  if (first.list.length !== other.list.length) {
    throw new ForelossError(`${other.where}: ${other.list.length} ids, but ${first.where} has ${first.list.length}`);
  }
  const row = first.list.findIndex((id, i) => id !== other.list[i]);
  if (row < 0) return;
  throw new ForelossError(
    `${other.where}: row ${row} is item "${other.list[row]}", but ${first.where} has "${first.list[row]}" there; bring both into the same order`,
  );
}

/** A map holds 2^24 entries at most, so there are several. */
const shards = 64;

function refuseTwice({ list, where }: ItemIds): void {
  const rows = Array.from({ length: shards }, () => new Map<ItemId, number>());
  list?.forEach((id, row) => {
    if (id === "") throw new ForelossError(`${where}: row ${row} has no id`);
    const shard = rows[(id.charCodeAt(id.length - 1) + 7 * id.charCodeAt(id.length >> 1)) % shards]!;
    const before = shard.get(id);
    if (before !== undefined) {
      throw new ForelossError(`${where}: item "${id}" stands in row ${before} and again in row ${row} (from 0)`);
    }
    shard.set(id, row);
  });
}

/** Items that are labelled already, taken out of the pool as its rows go by. */
export interface TakenOut {
  /** Whether the item in this row is labelled; every row is asked for once. */
  has(row: number): boolean;
  /** Rows that were labelled, in order. Throws a `ForelossError` when a labelled item was in no row. */
  rows(): Uint32Array;
}

/** The items named in --labelled-items, or none. */
export async function takenOut(inputs: Inputs, ids: ItemIds): Promise<TakenOut> {
  const file = inputFile(inputs, "labelled-items");
  if (file === undefined) return { has: () => false, rows: () => new Uint32Array() };
  const names = await namedIds(file);
  refuseTwice(names);
  const missing = new Set(names.list);
  const found: number[] = [];
  return {
    has(row) {
      const isTaken = missing.delete(idOf(ids, row));
      if (isTaken) found.push(row);
      return isTaken;
    },
    rows() {
      const [unknown] = missing;
      if (unknown === undefined) return Uint32Array.from(found);
      const called = ids.list === null ? "; without ids, items are called by the numbers of their rows, from 0" : "";
      throw new ForelossError(`${names.where}: item "${unknown}" is not in the pool${called}`);
    },
  };
}

/** Refuses an item that is labelled and in the pool. */
export function refuseInPool(labelled: ItemIds, pool: ItemIds): void {
  const known = new Map(labelled.list?.map((id, row) => [id, row]));
  pool.list?.forEach((id, row) => {
    const at = known.get(id);
    if (at === undefined) return;
    throw new ForelossError(
      `${labelled.where}: row ${at}, item "${id}", is also in the pool (${pool.where}, row ${row}); take it out there, or name it with --labelled-items`,
    );
  });
}
