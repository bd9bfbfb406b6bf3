// Rows out of a .npy file, piece by piece. An array of one axis has one column, one of three axes is [members, items,
// classes]; either order of storage is read by small parts of the file, never by a second copy of it.
import { ForelossError } from "../../core/errors.ts";
import { type NumberFormatName, readNumbers } from "../../core/number-formats.ts";
import { type ByteSource, heldBytes } from "./byte-source.ts";
import {
  bytesPerEntry,
  checkNpySize,
  type NpyHeader,
  npyDataAt,
  npyPrefixBytes,
  parseNpyHeader,
} from "./npy-header.ts";
import { type NumberRows, type Piece, rowsPerPiece } from "./number-rows.ts";

/** An array of numbers as [members, rows, columns]. */
interface NumberLayout extends NpyHeader {
  readonly format: NumberFormatName;
  readonly members: number;
  readonly rows: number;
  readonly columns: number;
}

/** Neighbours in the file that belong to one piece: entry i goes to `start + (i % run) * step + floor(i / run) * jump`. */
interface Span {
  readonly at: number;
  readonly bytes: number;
  readonly start: number;
  readonly run: number;
  readonly step: number;
  readonly jump: number;
}

export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { where, bytes } = source;
  const prefix = bytes < npyPrefixBytes ? new Uint8Array() : await source.read(0, npyPrefixBytes);
  const dataAt = npyDataAt(prefix, where);
  if (dataAt > bytes) throw new ForelossError(`${where}: ends within its header, after ${bytes} bytes; write it again`);
  const rest = await source.read(npyPrefixBytes, dataAt - npyPrefixBytes);
  const header = parseNpyHeader(Buffer.concat([prefix, rest]), where);
  checkNpySize(header, bytes, where);
  return header;
}

/** The rows of a .npy file of numbers. `open` is called for every pass over it. */
export async function npyRows(open: () => Promise<ByteSource>): Promise<NumberRows> {
  const source = await open();
  try {
    const layout = layoutOf(await readNpyHeader(source), source.where);
    const { members, rows, columns } = layout;
    return { where: source.where, members, rows, columns, pieces: () => pieces(open, layout) };
  } finally {
    await source.close();
  }
}

/** How the numbers of the array lie; refuses texts and more than three axes. */
export function layoutOf(header: NpyHeader, where: string): NumberLayout {
  const { entry, shape } = header;
  if (!("number" in entry)) throw new ForelossError(`${where}: holds texts; numbers are needed`);
  const [first, second, third] = shape;
  const common = { ...header, format: entry.number };
  if (shape.length === 1) return { ...common, members: 1, rows: first!, columns: 1 };
  if (shape.length === 2) return { ...common, members: 1, rows: first!, columns: second! };
  if (shape.length === 3) return { ...common, members: first!, rows: second!, columns: third! };
  throw new ForelossError(
    `${where}: an array of shape (${shape.join(", ")}); needs [items], [items, columns] or [members, items, classes]`,
  );
}

async function* pieces(open: () => Promise<ByteSource>, layout: NumberLayout): AsyncGenerator<Piece> {
  const opened = await open();
  try {
    const source = opened.forwardOnly && jumpsAbout(layout) ? await heldBytes(opened) : opened;
    const most = rowsPerPiece(layout.members * layout.columns);
    for (let first = 0; first < layout.rows; first += most) {
      const rows = Math.min(most, layout.rows - first);
      const values = new Float32Array(layout.members * rows * layout.columns);
      for (const span of spans(layout, first, rows)) {
        place(values, await source.read(span.at, span.bytes), span, layout);
      }
      yield { first, rows, values };
    }
  } finally {
    await opened.close();
  }
}

/** Whether reading the rows in order goes back and forth in the file. */
function jumpsAbout({ columnsFirst, members, columns }: NumberLayout): boolean {
  return columnsFirst ? columns > 1 : members > 1;
}

/** All rows at once, of a file that is in memory. */
export function decodeNpyRows(bytes: Uint8Array, layout: NumberLayout): Float32Array {
  const values = new Float32Array(layout.members * layout.rows * layout.columns);
  for (const span of spans(layout, 0, layout.rows)) {
    place(values, bytes.subarray(span.at, span.at + span.bytes), span, layout);
  }
  return values;
}

function spans(layout: NumberLayout, first: number, count: number): Span[] {
  const { members, rows, columns, columnsFirst, dataAt } = layout;
  const size = bytesPerEntry(layout.entry);
  if (columnsFirst) {
    return Array.from({ length: columns }, (_, column) => ({
      at: dataAt + size * members * (first + rows * column),
      bytes: size * members * count,
      ...{ start: column, run: members, step: count * columns, jump: columns },
    }));
  }
  return Array.from({ length: members }, (_, member) => ({
    at: dataAt + size * columns * (first + rows * member),
    bytes: size * columns * count,
    ...{ start: member * count * columns, run: count * columns, step: 1, jump: 0 },
  }));
}

function place(values: Float32Array, bytes: Uint8Array, span: Span, { format, order }: NumberLayout): void {
  const numbers = readNumbers(bytes, format, order);
  if (span.step === 1) {
    values.set(numbers, span.start);
    return;
  }
  for (let i = 0; i < numbers.length; i++) {
    values[span.start + (i % span.run) * span.step + Math.floor(i / span.run) * span.jump] = numbers[i]!;
  }
}
