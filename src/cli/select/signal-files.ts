// The files behind the signals: which of them are given, opened one by one, checked while they are read.
import { ForelossError, UsageError } from "../../core/errors.ts";
import type { Matrix, MemberMatrix, PoolSignal, ScalarSignal } from "../../core/signals.ts";
import { scalarSignals } from "../../core/signals.ts";
import { type ArrayFile, openNumbers, openTable, readTexts } from "../../records/arrays/array-file.ts";
import { checkFinite, checkProbabilities, type NumberRows, type Piece } from "../../records/arrays/number-rows.ts";
import { readArray } from "../../records/arrays/read-array.ts";
import { namedColumns } from "../../records/arrays/table.ts";
import { columnName } from "../../records/score-table.ts";
import type { Strategy } from "../../strategies/index.ts";
import { type Inputs, inputFile } from "./choice.ts";
import { isScalar, wantedSignals } from "./wanted.ts";

/** Where the numbers of scores stand. */
export type ScoreColumns = ReadonlyMap<ScalarSignal, ArrayFile>;

/**
 * The columns of --scores by what they are called, e.g. `predicted_loss`. A single column of numbers is the score that
 * `strategy` goes by, whatever it is called.
 */
export async function scoreColumns(inputs: Inputs, strategy: Strategy): Promise<ScoreColumns> {
  const file = inputFile(inputs, "scores");
  if (file === undefined) return new Map();
  const [only, ...more] = strategy.needs.filter(isScalar);
  const table = await openTable(file.path);
  if (only !== undefined && more.length === 0 && (table === null || file.part !== null)) return new Map([[only, file]]);
  const names = table?.columns.map(({ name }) => name) ?? [];
  const known = scalarSignals.filter((signal) => names.includes(columnName(signal)));
  return new Map(known.map((signal) => [signal, { path: file.path, part: columnName(signal) }]));
}

/** The signals to read for `strategy`; see `wantedSignals`. */
export async function signalsToRead(
  inputs: Inputs,
  strategy: Strategy,
  scores: ScoreColumns,
): Promise<readonly PoolSignal[]> {
  const isGiven = (name: keyof Inputs) => inputs[name] !== undefined;
  try {
    return wantedSignals(strategy, isGiven, [...scores.keys()]);
  } catch (error) {
    const file = inputFile(inputs, "scores");
    const table = file === undefined ? null : await openTable(file.path);
    if (table !== null) namedColumns(table, strategy.needs.filter(isScalar).map(columnName)); // names the nearest column
    throw error;
  }
}

/** The file of a signal that stands in one file, with what must be true of its numbers. */
export interface SignalFile {
  readonly file: ArrayFile;
  readonly check: (source: NumberRows, piece: Piece) => void;
}

export function signalFile(inputs: Inputs, signal: PoolSignal, scores: ScoreColumns): SignalFile {
  if (isScalar(signal)) return { file: scores.get(signal)!, check: checkFinite };
  if (signal === "probabilities") return { file: inputFile(inputs, "probabilities")!, check: checkProbabilities };
  if (signal === "memberProbabilities") return { file: inputFile(inputs, "members")!, check: checkProbabilities };
  if (signal === "cost") return { file: inputFile(inputs, "costs")!, check: checkCosts };
  return { file: inputFile(inputs, "embeddings")!, check: checkFinite };
}

function checkCosts(source: NumberRows, piece: Piece): void {
  checkFinite(source, piece);
  const at = piece.values.findIndex((cost) => cost <= 0);
  if (at < 0) return;
  throw new ForelossError(
    `${source.where}: row ${piece.first + at}: a cost of ${piece.values[at]}; it must be above 0`,
  );
}

/** A matrix of two axes, whole. */
export async function readMatrix({ file, check }: SignalFile): Promise<Matrix> {
  const source = await openNumbers(file);
  refuseMembers(source);
  const { rows, columns, values } = await readArray(source, { check });
  return { rows, columns, values };
}

export function refuseMembers({ where, members }: NumberRows): void {
  if (members > 1) throw new ForelossError(`${where}: an array of three axes; needs [items, columns]`);
}

export async function readMembers({ file, check }: SignalFile): Promise<MemberMatrix> {
  return await readArray(await openNumbers(file), { check });
}

/** One number per item. */
export async function readColumn(signal: SignalFile): Promise<Float32Array> {
  const source = await openNumbers(signal.file);
  refuseSeveral(source);
  return (await readArray(source, { check: signal.check })).values;
}

export function refuseSeveral({ where, members, columns }: NumberRows): void {
  if (members * columns === 1) return;
  throw new ForelossError(`${where}: ${members * columns} numbers per item; one is needed, so name a column`);
}

/** Texts or whole numbers, and the number of each in order of first appearance. */
export async function readGroups(file: ArrayFile): Promise<{ names: readonly string[]; groups: Uint32Array }> {
  const names = await readTexts(file);
  const numbers = new Map<string, number>();
  const groups = Uint32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { names, groups };
}

/** How many items there are, for a strategy that needs nothing else. */
export async function countRows({ scores, embeddings, probabilities, members }: Inputs): Promise<number> {
  const [file] = [scores, embeddings, probabilities, members].flatMap((files) => files ?? []);
  if (file === undefined)
    throw new UsageError("give a file of the items to choose from, as --scores, --embeddings or --ids");
  return await rowsIn(await openNumbers(file));
}

/** How many rows there are; where only reading tells, the file is read. */
export async function rowsIn(source: NumberRows): Promise<number> {
  if (source.rows !== undefined) return source.rows;
  let rows = 0;
  for await (const piece of source.pieces()) rows += piece.rows;
  return rows;
}

/** The numbers of some rows, in the order asked for, without reading the rest into memory. */
export async function rowsAt(file: ArrayFile, rows: ArrayLike<number>): Promise<Matrix> {
  const source = await openNumbers(file);
  const { columns } = source;
  refuseMembers(source);
  const wanted = new Map(Array.from(rows, (row, at) => [row, at]));
  const values = new Float32Array(rows.length * columns);
  for await (const piece of source.pieces()) {
    checkFinite(source, piece);
    for (let i = 0; i < piece.rows && wanted.size > 0; i++) {
      const at = wanted.get(piece.first + i);
      if (at === undefined) continue;
      values.set(piece.values.subarray(i * columns, (i + 1) * columns), at * columns);
      wanted.delete(piece.first + i);
    }
    if (wanted.size === 0) break;
  }
  const [missing] = wanted.keys();
  if (missing !== undefined)
    throw new ForelossError(`${source.where}: has no row ${missing}; one row per item is needed`);
  return { rows: rows.length, columns, values };
}
