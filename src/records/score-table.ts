// The table that goes between scoring and choosing: one row per item, one column per signal, as CSV. Foreloss writes it and
// reads it back; a team with a model of its own writes it with whatever columns its strategy needs.
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import { type PoolSignal, type ScalarSignal, scalarSignals } from "../core/signals.ts";
import { nearest } from "../core/suggest.ts";
import { type CsvRow, formatCsv, parseCsv } from "./csv.ts";

export type ScalarSignals = { readonly [S in ScalarSignal]?: Float32Array };

export interface ScoreTable {
  readonly ids: readonly ItemId[];
  readonly signals: ScalarSignals;
  /** The picture that each item is in, where items are persons: what `foreloss select` takes for groups. */
  readonly pictures?: readonly string[];
  /** Name of the likeliest class per item. */
  readonly predictedClasses?: readonly string[];
  /** What a detector saw in each item, e.g. `2 x car, 1 x person`. */
  readonly predictedObjects?: readonly string[];
  /** How many joints a pose net is sure of in each item, e.g. `11 of 14 joints`. */
  readonly predictedJoints?: readonly string[];
}

/** Columns of words. */
const wordColumns = {
  pictures: "picture",
  predictedClasses: "predicted_class",
  predictedObjects: "predicted_objects",
  predictedJoints: "predicted_joints",
} as const;
type WordField = keyof typeof wordColumns;

/** Those of the columns of words that a table has. */
function wordsOf(table: ScoreTable): { column: string; words: readonly string[] }[] {
  return Object.entries(wordColumns).flatMap(([field, column]) => {
    const words = table[field as WordField];
    return words === undefined ? [] : [{ column, words }];
  });
}

/** Name of a signal's column, e.g. `predicted_loss`. */
export function columnName(signal: PoolSignal | "score"): string {
  return signal.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function formatScoreTable(table: ScoreTable): string {
  const present = scalarSignals.filter((signal) => table.signals[signal] !== undefined);
  const words = wordsOf(table);
  const header = ["item", ...present.map(columnName), ...words.map(({ column }) => column)];
  const rows = table.ids.map((id, i) => [
    id,
    ...present.map((signal) => shortest(table.signals[signal]![i]!)),
    ...words.map((own) => own.words[i]!),
  ]);
  return formatCsv([header, ...rows]);
}

/** The float32 `value` as the number with the fewest digits that is the same float32: 0.9, not 0.8999999761581421. */
export function shortest(value: number): number {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9)); // nine always suffice
}

/**
 * Reads a table; columns it does not know are left aside. Throws a `ForelossError` naming file and line when a column of
 * `needs` is missing, a number cannot be read or an item comes twice.
 */
export function parseScoreTable(text: string, where: string, needs: readonly ScalarSignal[]): ScoreTable {
  const [header, ...rows] = parseCsv(text, where);
  if (header === undefined)
    throw new ForelossError(`${where}: an empty file; needs a header line and one line per item`);
  for (const row of rows) checkWidth(row, header, where);
  const ids = column("item", header, rows, where);
  checkDistinct(ids, rows, where);
  const signals = needs.map((signal) => [signal, numbers(columnName(signal), header, rows, where)]);
  const words = Object.entries(wordColumns).filter(([, name]) => header.cells.includes(name));
  return {
    ids,
    signals: Object.fromEntries(signals) as ScalarSignals,
    ...Object.fromEntries(words.map(([field, name]) => [field, column(name, header, rows, where)])),
  };
}

function column(name: string, header: CsvRow, rows: readonly CsvRow[], where: string): string[] {
  const at = header.cells.indexOf(name);
  if (at >= 0) return rows.map((row) => row.cells[at]!);
  const near = nearest(name, header.cells);
  const advice = near === undefined ? `there are: ${header.cells.join(", ")}` : `did you mean "${near}"?`;
  throw new ForelossError(`${where}: no column "${name}"; ${advice}`);
}

function numbers(name: string, header: CsvRow, rows: readonly CsvRow[], where: string): Float32Array {
  return Float32Array.from(column(name, header, rows, where), (cell, i) => {
    const value = Number(cell);
    if (cell.trim() !== "" && Number.isFinite(value)) return value;
    throw new ForelossError(`${where}:${rows[i]!.line}: ${name}: "${cell}" is not a finite number`);
  });
}

function checkWidth(row: CsvRow, header: CsvRow, where: string): void {
  if (row.cells.length === header.cells.length) return;
  throw new ForelossError(`${where}:${row.line}: ${row.cells.length} cells under a header of ${header.cells.length}`);
}

function checkDistinct(ids: readonly ItemId[], rows: readonly CsvRow[], where: string): void {
  const lines = new Map<ItemId, number>();
  ids.forEach((id, i) => {
    const line = rows[i]!.line;
    if (lines.has(id))
      throw new ForelossError(`${where}:${line}: item "${id}" stands in line ${lines.get(id)} already`);
    lines.set(id, line);
  });
}

/** The table as one object per item, for JSON. */
export function scoreRecords(table: ScoreTable): Record<string, string | number>[] {
  const { ids, signals, pictures, predictedClasses, predictedObjects, predictedJoints } = table;
  const present = Object.entries(signals);
  return ids.map((item, at) => ({
    item,
    ...Object.fromEntries(present.map(([name, values]) => [name, shortest(values[at]!)])),
    ...(pictures === undefined ? {} : { picture: pictures[at]! }),
    ...(predictedClasses === undefined ? {} : { predictedClass: predictedClasses[at]! }),
    ...(predictedObjects === undefined ? {} : { predictedObjects: predictedObjects[at]! }),
    ...(predictedJoints === undefined ? {} : { predictedJoints: predictedJoints[at]! }),
  }));
}
