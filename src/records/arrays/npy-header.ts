// The header of NumPy's .npy files: what kind of entries, in which order, how many
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
import { ForelossError } from "../../core/errors.ts";
import { type ByteOrder, bytesPerNumber, type NumberFormatName } from "../../core/number-formats.ts";

export const npyMagic = "\x93NUMPY";

/** Bytes that say how long the header is. */
export const npyPrefixBytes = 12;

/** What an entry is: a number, or a text of a fixed number of characters (`U`, four bytes each) or bytes (`S`). */
export type NpyEntry = { readonly number: NumberFormatName } | { readonly text: "U" | "S"; readonly length: number };

export interface NpyHeader {
  readonly entry: NpyEntry;
  readonly order: ByteOrder;
  /** Stored with the first axis running fastest. */
  readonly columnsFirst: boolean;
  readonly shape: readonly number[];
  /** Where the entries begin. */
  readonly dataAt: number;
}

const numberFormats: Readonly<Record<string, NumberFormatName>> = {
  ...{ f2: "F16", f4: "F32", f8: "F64", b1: "BOOL" },
  ...{ i1: "I8", i2: "I16", i4: "I32", i8: "I64", u1: "U8", u2: "U16", u4: "U32", u8: "U64" },
};

/** Where the entries begin, from the first bytes of the file. */
export function npyDataAt(prefix: Uint8Array, where: string): number {
  const view = Buffer.from(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (view.length < npyPrefixBytes || view.toString("latin1", 0, 6) !== npyMagic) {
    throw new ForelossError(`${where}: not a NumPy file; needs one written by numpy.save`);
  }
  return view[6] === 1 ? 10 + view.readUInt16LE(8) : 12 + view.readUInt32LE(8);
}

/** Reads the header out of the bytes before the entries. Throws a `ForelossError` for entries that are not known. */
export function parseNpyHeader(bytes: Uint8Array, where: string): NpyHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    bytes[6] === 1 ? 10 : 12,
  );
  const descr = field(text, /'descr':\s*(?:'([^']*)'|(\[))/, where);
  const shape = field(text, /'shape':\s*\(([^)]*)\)/, where);
  const extents = shape.split(",").filter((extent) => extent.trim() !== "");
  return {
    entry: entryOf(descr, where),
    order: descr.startsWith(">") ? "big" : "little",
    columnsFirst: field(text, /'fortran_order':\s*(\w+)/, where) === "True",
    shape: extents.map(Number),
    dataAt: bytes.length,
  };
}

export function bytesPerEntry(entry: NpyEntry): number {
  if ("number" in entry) return bytesPerNumber(entry.number);
  return entry.text === "U" ? entry.length * 4 : entry.length;
}

/** Throws a `ForelossError` when there are fewer or more bytes of entries than the shape says. */
export function checkNpySize({ entry, shape, dataAt }: NpyHeader, bytes: number, where: string): void {
  const promised = shape.reduce((product, extent) => product * extent, bytesPerEntry(entry));
  if (bytes - dataAt === promised) return;
  throw new ForelossError(
    `${where}: ${bytes - dataAt} bytes of entries, its shape (${shape.join(", ")}) promises ${promised}; write it again`,
  );
}

function entryOf(descr: string, where: string): NpyEntry {
  const [, kind, length] = /^[<>|=]?([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const number = numberFormats[`${kind}${length}`];
  if (number !== undefined) return { number };
  if (kind === "U" || kind === "S") return { text: kind, length: Number(length) };
  const what =
    kind === "O" ? "Python objects" : descr === "[" ? "records of several fields" : `entries of type "${descr}"`;
  throw new ForelossError(`${where}: holds ${what}; needs numbers, or texts for ids`, {
    hint: 'numpy.save("embeddings.npy", embeddings.astype("float32")); ids: ids.astype(str)',
  });
}

function field(header: string, pattern: RegExp, where: string): string {
  const match = pattern.exec(header);
  const found = match?.[1] ?? match?.[2];
  if (found !== undefined) return found;
  throw new ForelossError(`${where}: the header of this NumPy file cannot be read: ${header.trim().slice(0, 200)}`);
}
