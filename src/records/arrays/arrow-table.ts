// Tables whose rows come as batches of Arrow data, from whichever file.
import type { Field, RecordBatch, Schema } from "apache-arrow";
import { ForelossError } from "../../core/errors.ts";
import { firstLength, kindOf, putNumbers, textsOf, widthOf } from "./arrow-values.ts";
import { damaged } from "./damaged.ts";
import type { NumberRows, Piece } from "./number-rows.ts";
import type { Table } from "./table.ts";

/** A file opened as Arrow data. */
export interface ArrowFile {
  readonly path: string;
  /** For messages. */
  readonly format: "Arrow" | "Parquet";
  readonly schema: Schema;
  /** Undefined where only reading to the end tells. */
  readonly rows: number | undefined;
  /** See `NumberRows`. */
  readonly readingBytes?: number;
  /** All rows in order, with these columns. */
  batches(columns: readonly string[]): AsyncIterable<RecordBatch>;
}

export function arrowTable(file: ArrowFile): Table {
  const columns = file.schema.fields.map(({ name, type }) => ({ name, kind: kindOf(type) }));
  return {
    path: file.path,
    columns,
    numbers: (names) => numbers(file, names),
    texts: (name) => texts(file, name),
  };
}

async function numbers(file: ArrowFile, names: readonly string[]): Promise<NumberRows> {
  const where = `${file.path}#${names.join(",")}`;
  for (const name of names) {
    const { type } = fieldOf(file, name);
    if (kindOf(type) === "number" || kindOf(type) === "vector") continue;
    throw new ForelossError(`${file.path}#${name}: a column of ${type}; numbers are needed`);
  }
  const widths = await widthsOf(file, names);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const { rows, readingBytes = 0 } = file;
  return { where, members: 1, rows, columns, readingBytes, pieces: () => pieces(file, names, widths) };
}

/** Numbers per row of each column; of lists that may differ in length, what the first row has. */
async function widthsOf(file: ArrowFile, names: readonly string[]): Promise<number[]> {
  const known = names.map((name) => widthOf(fieldOf(file, name).type));
  const open = names.filter((_, at) => known[at] === undefined);
  const first = open.length === 0 ? [] : await firstLengths(file, open);
  return known.map((width) => width ?? first.shift()!);
}

async function firstLengths(file: ArrowFile, names: readonly string[]): Promise<number[]> {
  for await (const batch of file.batches(names)) {
    const lengths = names.map((name) => firstLength(batch.getChild(name)!));
    if (!lengths.includes(undefined)) return lengths as number[];
  }
  return names.map(() => 1);
}

function fieldOf({ schema }: ArrowFile, name: string): Field {
  return schema.fields.find((field) => field.name === name)!;
}

async function* pieces(file: ArrowFile, names: readonly string[], widths: readonly number[]): AsyncGenerator<Piece> {
  const columns = widths.reduce((sum, width) => sum + width, 0);
  let first = 0;
  for await (const batch of file.batches(names)) {
    const rows = batch.numRows;
    if (rows > 0) yield { first, rows, values: unlessDamaged(file, () => valuesOf(batch, columns)) };
    first += rows;
  }
  function valuesOf(batch: RecordBatch, columns: number): Float32Array {
    const values = new Float32Array(batch.numRows * columns);
    let at = 0;
    names.forEach((name, i) => {
      const [data] = batch.getChild(name)!.data;
      if (data !== undefined)
        putNumbers(data, widths[i]!, values, at, columns, { where: `${file.path}#${name}`, first });
      at += widths[i]!;
    });
    return values;
  }
}

/** A damaged file may be noticed only when its values are looked at. */
function unlessDamaged<T>({ path, format }: ArrowFile, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw damaged(path, format, error);
  }
}

async function texts(file: ArrowFile, name: string): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of file.batches([name])) {
    const place = { where: `${file.path}#${name}`, first: all.length };
    for (const text of unlessDamaged(file, () => textsOf(batch.getChild(name)!, place))) all.push(text);
  }
  return all;
}
