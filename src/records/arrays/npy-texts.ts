// Ids and groups out of a .npy file: one text or one whole number per entry, as texts.
import { ForelossError } from "../../core/errors.ts";
import { bytesPerNumber, type NumberFormatName } from "../../core/number-formats.ts";
import type { ByteSource } from "./byte-source.ts";
import { bytesPerEntry, type NpyEntry, type NpyHeader } from "./npy-header.ts";
import { readNpyHeader } from "./npy-rows.ts";

type Read = (view: Buffer, at: number) => string;

/** Entries that are read at once. */
const entriesPerRead = 2 ** 16;

/** All entries of an array of one axis. */
export async function npyTexts(source: ByteSource): Promise<string[]> {
  const header = await readNpyHeader(source);
  const { entry, shape, dataAt } = header;
  if (shape.length !== 1) {
    throw new ForelossError(`${source.where}: an array of shape (${shape.join(", ")}); one id per item is needed`);
  }
  const read = readerOf(header, source.where);
  const size = bytesPerEntry(entry);
  const texts: string[] = [];
  for (let first = 0; first < shape[0]!; first += entriesPerRead) {
    const count = Math.min(entriesPerRead, shape[0]! - first);
    const bytes = await source.read(dataAt + first * size, count * size);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) texts.push(read(view, i * size));
  }
  return texts;
}

function readerOf({ entry, order }: NpyHeader, where: string): Read {
  if ("number" in entry) return wholeNumberReader(entry, order === "little", where);
  return entry.text === "S" ? (view, at) => untilZero(view.toString("utf8", at, at + entry.length)) : characters;
  function characters(view: Buffer, at: number): string {
    const points = Array.from({ length: bytesPerEntry(entry) / 4 }, (_, i) =>
      order === "little" ? view.readUInt32LE(at + i * 4) : view.readUInt32BE(at + i * 4),
    );
    return untilZero(String.fromCodePoint(...points));
  }
}

function wholeNumberReader(
  entry: NpyEntry & { readonly number: NumberFormatName },
  little: boolean,
  where: string,
): Read {
  const size = bytesPerNumber(entry.number);
  if (/^[FB]/.test(entry.number)) {
    throw new ForelossError(`${where}: numbers of type ${entry.number.toLowerCase()}; ids are whole numbers or texts`);
  }
  const signed = entry.number.startsWith("I");
  if (size === 8 && signed) return (view, at) => String(little ? view.readBigInt64LE(at) : view.readBigInt64BE(at));
  if (size === 8) return (view, at) => String(little ? view.readBigUInt64LE(at) : view.readBigUInt64BE(at));
  if (signed) return (view, at) => String(little ? view.readIntLE(at, size) : view.readIntBE(at, size));
  return (view, at) => String(little ? view.readUIntLE(at, size) : view.readUIntBE(at, size));
}

/** NumPy fills what is shorter with zeros. */
function untilZero(text: string): string {
  return text.replace(/\0+$/, "");
}
