// The header of a safetensors file: what is in it and where. Everything is checked before a number is read, with the rules
// of the reference implementation: the tensors' bytes follow one another without gap or overlap and fill the file.
// Format: https://github.com/huggingface/safetensors#format
import { z } from "zod";
import { ForelossError } from "../core/errors.ts";
import { bytesPerNumber, isNumberFormat, type NumberFormatName, numberFormatNames } from "../core/number-formats.ts";

/** Length in bytes of the number before the header that tells the header's length. */
export const prefixLength = 8;
/** Longer headers are refused, as the reference implementation does. */
export const longestHeader = 100_000_000;
export const metadataKey = "__metadata__";

export interface TensorEntry {
  readonly name: string;
  readonly dtype: NumberFormatName;
  readonly shape: readonly number[];
  /** First byte and byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Length of the header from the first bytes of a file of `fileLength` bytes. */
export function headerLength(firstBytes: Uint8Array, fileLength: number, where: string): number {
  if (firstBytes.length < prefixLength)
    throw fault(where, `${fileLength} bytes long, too short for a safetensors file`);
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, firstBytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > longestHeader) {
    throw fault(where, `a header of ${length} bytes, more than the format's limit of ${longestHeader}`);
  }
  if (prefixLength + Number(length) > fileLength) {
    throw fault(where, `the file ends within its header (${fileLength} bytes of ${prefixLength + Number(length)})`);
  }
  return Number(length);
}

/** Reads and checks the header; `dataLength` is the count of bytes after it. */
export function readHeader(bytes: Uint8Array, dataLength: number, where: string): Header {
  const { [metadataKey]: metadata = {}, ...tensors } = parse(bytes, where);
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, where));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkPlaces(entries, dataLength, where);
  return { entries, metadata: readMetadata(metadata, where) };
}

function parse(bytes: Uint8Array, where: string): Record<string, unknown> {
  if (bytes[0] !== "{".charCodeAt(0)) throw fault(where, 'the header does not begin with "{"');
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const header = JSON.parse(text) as Record<string, unknown>;
    const twice = repeatedKey(text);
    if (twice !== undefined) throw fault(where, `${JSON.stringify(twice)} stands twice in one object of the header`);
    return header;
  } catch (error) {
    if (error instanceof ForelossError) throw error;
    throw fault(where, `the header is not JSON (${(error as Error).message})`, error);
  }
}

/** The first key that an object of a valid JSON text holds twice; `JSON.parse` keeps the last one silently. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, key] of text.matchAll(/("(?:[^"\\]|\\.)*")(?=[ \t\r\n]*:)|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (key !== undefined) {
      const name = JSON.parse(key) as string;
      const seen = open.at(-1)!;
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

const count = z.int().nonnegative();
const entryFields = z.object({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) });

function readEntry(name: string, value: unknown, where: string): TensorEntry {
  const place = tensorPlace(where, name);
  const parsed = entryFields.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw fault(place, `its entry in the header is wrong at ${issue.path.join(".") || "the top"}: ${issue.message}`);
  }
  const { dtype, shape, data_offsets } = parsed.data;
  if (!isNumberFormat(dtype)) {
    const hint = `convert it to one of ${numberFormatNames.join(", ")}`;
    throw new ForelossError(`${place}: numbers of type ${JSON.stringify(dtype)}, which are not read here; ${hint}`);
  }
  const [begin, end] = data_offsets;
  const expected = shape.reduce((product, extent) => product * extent, bytesPerNumber(dtype));
  if (end - begin !== expected) {
    const promised = `${dtype} [${shape.join(", ")}] takes ${expected}`;
    throw fault(place, `${end - begin} bytes (${begin} to ${end}), while ${promised}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Every byte of the data belongs to one tensor; `entries` are in the order of their bytes. */
function checkPlaces(entries: readonly TensorEntry[], dataLength: number, where: string): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    const place = tensorPlace(where, name);
    if (begin < at) throw fault(place, `begins at byte ${begin}, within the tensor before it, which ends at ${at}`);
    if (begin > at) throw fault(place, `begins at byte ${begin} and leaves a gap from ${at}`);
    if (end > dataLength) throw fault(place, `ends at byte ${end} of the data, which is ${dataLength} bytes long`);
    at = end;
  }
  if (at < dataLength) throw fault(where, `${dataLength - at} bytes after the last tensor`);
}

function readMetadata(value: unknown, where: string): Record<string, string> {
  const parsed = z.record(z.string(), z.string()).safeParse(value);
  if (!parsed.success) throw fault(where, `"${metadataKey}" in the header is not an object of texts`);
  return parsed.data;
}

export function tensorPlace(where: string, name: string): string {
  return `${where}: tensor ${JSON.stringify(name)}`;
}

function fault(where: string, what: string, cause?: unknown): ForelossError {
  return new ForelossError(`${where}: ${what}; the file is damaged or no safetensors file: write or fetch it again`, {
    cause,
  });
}
