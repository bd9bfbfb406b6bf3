// Comma-separated values as RFC 4180 has them: cells with a comma, quotes or a line break stand in quotes, quotes inside
// are doubled. Reads LF and CRLF, writes LF.
import { ForelossError } from "../core/errors.ts";

/** One row of cells with the line it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Text of the rows, each ended by a line feed. */
export function formatCsv(rows: Iterable<readonly (string | number)[]>): string {
  return Array.from(rows, (row) => `${row.map(formatCell).join(",")}\n`).join("");
}

function formatCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of a text; empty lines are left out. `where` opens the message of the `ForelossError` for quotes out of place. */
export function parseCsv(text: string, where: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let [line, firstLine] = [1, 1];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const source = text.replace(/^\uFEFF/, "");
  while (cell.lastIndex < source.length || cells.length > 0) {
    const match = cell.exec(source);
    if (match === null)
      throw new ForelossError(`${where}:${line}: quotes out of place; write a cell with quotes as "a ""b"" c"`);
    const [whole, quoted, plain, end] = match;
    cells.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    line += whole.split("\n").length - 1;
    if (end === ",") continue;
    if (cells.length > 1 || whole.trim() !== "") rows.push({ line: firstLine, cells });
    cells = [];
    firstLine = line;
  }
  return rows;
}
