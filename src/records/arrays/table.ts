// A file of named columns (CSV, Parquet, Arrow): which columns hold the numbers that are asked for.
import { ForelossError } from "../../core/errors.ts";
import { nearest } from "../../core/suggest.ts";
import type { NumberRows } from "./number-rows.ts";

export interface Column {
  readonly name: string;
  /** `vector`: a list of numbers per row. `other`: nothing that can be read here. */
  readonly kind: "number" | "vector" | "text" | "other";
}

export interface Table {
  readonly path: string;
  readonly columns: readonly Column[];
  /** The columns side by side, those of vectors with as many numbers as they hold. */
  numbers(names: readonly string[]): Promise<NumberRows>;
  /** All texts or whole numbers of a column, as texts. */
  texts(name: string): Promise<string[]>;
}

/** Columns that name items and are no numbers to compute with, in the order in which they are looked for. */
export const idColumns: readonly string[] = ["item", "id"];

/** Names as they were asked for: `p0`, or `p*` for all that begin so. Throws a `ForelossError` for one that is not there. */
export function namedColumns({ path, columns }: Table, wanted: readonly string[]): string[] {
  const names = columns.map(({ name }) => name);
  return wanted.flatMap((want) => {
    if (names.includes(want)) return [want];
    const found = want.endsWith("*") ? names.filter((name) => name.startsWith(want.slice(0, -1))) : [];
    if (found.length > 0) return found;
    const near = nearest(want, names);
    const advice = near === undefined ? `there are: ${names.join(", ")}` : `did you mean "${near}"?`;
    throw new ForelossError(`${path}: no column "${want}"; ${advice}`);
  });
}

/** The columns that are meant when none is named: the one of vectors, or else all of numbers but ids. */
export function numberColumns({ path, columns }: Table): string[] {
  const vectors = columns.filter(({ kind }) => kind === "vector").map(({ name }) => name);
  if (vectors.length === 1) return vectors;
  if (vectors.length > 1) {
    throw new ForelossError(
      `${path}: several columns of vectors: ${vectors.join(", ")}; name one, as ${path}#${vectors[0]}`,
    );
  }
  const numbers = columns.filter(({ name, kind }) => kind === "number" && !idColumns.includes(name));
  if (numbers.length > 0) return numbers.map(({ name }) => name);
  throw new ForelossError(`${path}: no column of numbers; there are: ${columns.map(({ name }) => name).join(", ")}`);
}
