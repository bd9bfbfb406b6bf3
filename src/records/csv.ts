// Comma-separated values as RFC 4180 has them: cells with a comma, quotes or a line break stand in quotes, quotes inside
// are doubled. Reads LF and CRLF, writes LF. A text may come in parts, so that a file need not fit into memory.
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
  const parser = new CsvParser(where);
  return [...parser.push(text), ...parser.end()];
}

/** The rows of a text that comes in parts, as many at a time as a part completes. */
export async function* parseCsvParts(parts: AsyncIterable<string>, where: string): AsyncGenerator<CsvRow[]> {
  const parser = new CsvParser(where);
  for await (const part of parts) yield parser.push(part);
  yield parser.end();
}

/** Characters a row may have before quotes that are never closed are the likelier reading. */
const longestRow = 2 ** 22;

class CsvParser {
  readonly #where: string;
  #line = 1;
  #started = false;
  /** What came after the last complete row. */
  #rest = "";

  constructor(where: string) {
    this.#where = where;
  }

  /** The rows that are complete with this part. */
  push(part: string): CsvRow[] {
    const text = this.#started ? part : part.replace(/^\uFEFF/, "");
    this.#started = true;
    const source = this.#rest + text;
    const { rows, end } = this.#scan(source, false);
    this.#rest = source.slice(end);
    if (this.#rest.length > longestRow) throw this.#outOfPlace();
    return rows;
  }

  /** The row that no line break ends. */
  end(): CsvRow[] {
    return this.#scan(this.#rest, true).rows;
  }

  #scan(source: string, isLast: boolean): { rows: CsvRow[]; end: number } {
    const rows: CsvRow[] = [];
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
    let cells: string[] = [];
    let end = 0;
    let line = this.#line;
    while (cell.lastIndex < source.length || cells.length > 0) {
      const match = cell.exec(source);
      if (match === null || (match[3] === "" && !isLast)) {
        if (!isLast) break;
        throw this.#outOfPlace(line);
      }
      const [whole, quoted, plain, ending] = match;
      cells.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
      line += quoted === undefined ? (ending === "," || ending === "" ? 0 : 1) : whole.split("\n").length - 1;
      if (ending === ",") continue;
      if (cells.length > 1 || whole.trim() !== "") rows.push({ line: this.#line, cells });
      cells = [];
      end = cell.lastIndex;
      this.#line = line;
    }
    return { rows, end };
  }

  #outOfPlace(line = this.#line): ForelossError {
    return new ForelossError(`${this.#where}:${line}: quotes out of place; write a cell with quotes as "a ""b"" c"`);
  }
}
