// CSV files as tables of numbers and texts, read part by part: a header line with the names, then one line per item.
import { createReadStream } from "node:fs";
import { ForelossError } from "../../core/errors.ts";
import { type CsvRow, parseCsvParts } from "../csv.ts";
import type { NumberRows, Piece } from "./number-rows.ts";
import type { Column, Table } from "./table.ts";

export async function openCsv(path: string): Promise<Table> {
  const { header, first } = await beginning(path);
  const columns = header.map((name, at): Column => ({ name, kind: isNumber(first[at]) ? "number" : "text" }));
  return {
    path,
    columns,
    numbers: async (names) => numbers(path, names, header),
    texts: (name) => texts(path, header.indexOf(name), header),
  };
}

async function beginning(path: string): Promise<{ header: readonly string[]; first: readonly string[] }> {
  const found: CsvRow[] = [];
  for await (const rows of allRows(path)) {
    found.push(...rows.slice(0, 2));
    if (found.length > 1) break;
  }
  const header = found[0]?.cells ?? [];
  if (header.length === 0) throw new ForelossError(`${path}: an empty file; needs a header line and one line per item`);
  if (header.every(isNumber)) {
    throw new ForelossError(`${path}:1: numbers where the names of the columns should stand: ${header.join(",")}`, {
      hint: 'numpy.savetxt("pool.csv", array, delimiter=",", header="a,b,c", comments="")',
    });
  }
  return { header, first: found[1]?.cells ?? [] };
}

function allRows(path: string): AsyncGenerator<CsvRow[]> {
  return parseCsvParts(createReadStream(path, { encoding: "utf8", highWaterMark: 2 ** 20 }), path);
}

/** All rows below the header, each as wide as it. */
async function* itemRows(path: string, header: readonly string[]): AsyncGenerator<readonly CsvRow[]> {
  let isFirst = true;
  for await (const rows of allRows(path)) {
    const below = isFirst ? rows.slice(1) : rows;
    if (rows.length > 0) isFirst = false;
    const wrong = below.find(({ cells }) => cells.length !== header.length);
    if (wrong === undefined) yield below;
    else {
      const { line, cells } = wrong;
      throw new ForelossError(`${path}:${line}: ${cells.length} cells under a header of ${header.length}`);
    }
  }
}

function numbers(path: string, names: readonly string[], header: readonly string[]): NumberRows {
  const at = names.map((name) => header.indexOf(name));
  const columns = names.length;
  return { where: path, members: 1, rows: undefined, columns, pieces };
  async function* pieces(): AsyncGenerator<Piece> {
    let first = 0;
    for await (const rows of itemRows(path, header)) {
      const values = new Float32Array(rows.length * columns);
      rows.forEach((row, r) => {
        for (let c = 0; c < columns; c++) values[r * columns + c] = numberIn(row, at[c]!, names[c]!);
      });
      if (rows.length > 0) yield { first, rows: rows.length, values };
      first += rows.length;
    }
  }
  function numberIn({ line, cells }: CsvRow, cell: number, name: string): number {
    const text = cells[cell]!;
    if (isNumber(text)) return Number(text);
    throw new ForelossError(`${path}:${line}: ${name}: "${text}" is not a finite number`);
  }
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "" && Number.isFinite(Number(text));
}

async function texts(path: string, at: number, header: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for await (const rows of itemRows(path, header)) for (const { cells } of rows) all.push(cells[at]!);
  return all;
}
