// Arrays of other tools, by the ending of their file: .npy, .npz, .parquet, .arrow, .feather, .csv. What is wanted of a
// file with several arrays or columns stands behind a #: `pool.npz#embeddings`, `pool.parquet#p*`, `pool.csv#a,b`.
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { ForelossError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type ByteSource, openBytes } from "./byte-source.ts";
import { openCsv } from "./csv-table.ts";
import { npyRows } from "./npy-rows.ts";
import { npyTexts } from "./npy-texts.ts";
import { openNpzArray } from "./npz.ts";
import type { NumberRows } from "./number-rows.ts";
import { namedColumns, numberColumns, type Table } from "./table.ts";

export interface ArrayFile {
  readonly path: string;
  /** Names of an array or of columns; null: what the file holds. */
  readonly part: string | null;
}

const endings = [".npy", ".npz", ".parquet", ".arrow", ".feather", ".ipc", ".csv", ".txt"] as const;

/** `FILE` or `FILE#part`; a # counts only behind the ending of a file. */
export function parseArrayFile(text: string): ArrayFile {
  const at = text.lastIndexOf("#");
  if (at < 0 || extname(text.slice(0, at)) === "") return { path: text, part: null };
  return { path: text.slice(0, at), part: text.slice(at + 1) };
}

export function formatArrayFile({ path, part }: ArrayFile): string {
  return part === null ? path : `${path}#${part}`;
}

/** Whether a text names a file of arrays by its ending, with or without a part behind it. */
export function isArrayFile(text: string): boolean {
  return (endings as readonly string[]).includes(endingOf(parseArrayFile(text).path));
}

function endingOf(path: string): string {
  return extname(path).toLowerCase();
}

/** The numbers of a file. Nothing but its beginning is read until its pieces are. */
export async function openNumbers(file: ArrayFile): Promise<NumberRows> {
  const { path, part } = file;
  const table = await openTable(path);
  if (table !== null) return await table.numbers(part === null ? numberColumns(table) : columnsOf(table, part));
  if (endingOf(path) === ".txt") throw new ForelossError(`${path}: a text file holds ids; numbers are needed`);
  return await npyRows(() => openNpy(file));
}

/** All texts (or whole numbers as texts) of one column or one array, or the lines of a .txt file. */
export async function readTexts(file: ArrayFile): Promise<readonly string[]> {
  const { path, part } = file;
  if (endingOf(path) === ".txt") return await readLines(path);
  const table = await openTable(path);
  if (table !== null) return await table.texts(textColumn(table, part));
  const source = await openNpy(file);
  try {
    return await npyTexts(source);
  } finally {
    await source.close();
  }
}

/** The file as a table of named columns; null for arrays without names. */
export async function openTable(path: string): Promise<Table | null> {
  switch (endingOf(path)) {
    case ".csv":
      return await openCsv(path);
    case ".parquet":
      return await (await import("./parquet-file.ts")).openParquet(path);
    case ".arrow":
    case ".feather":
    case ".ipc":
      return await (await import("./arrow-file.ts")).openArrow(path);
    case ".npy":
    case ".npz":
    case ".txt":
      return null;
    default:
      throw new ForelossError(`${path}: files with this ending cannot be read${didYouMean(endingOf(path), endings)}`);
  }
}

function columnsOf(table: Table, part: string): string[] {
  return namedColumns(
    table,
    part.split(",").map((name) => name.trim()),
  );
}

function textColumn(table: Table, part: string | null): string {
  const names = part === null ? table.columns.map(({ name }) => name) : columnsOf(table, part);
  if (names.length === 1) return names[0]!;
  throw new ForelossError(
    `${table.path}: one column is needed of ${names.join(", ")}; name it, as ${table.path}#${names[0]}`,
  );
}

async function openNpy({ path, part }: ArrayFile): Promise<ByteSource> {
  if (endingOf(path) === ".npz") return await openNpzArray(path, part);
  if (part !== null)
    throw new ForelossError(`${path}#${part}: a .npy file holds one array without a name; give ${path}`);
  return await openBytes(path);
}

async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
}
