// Weights in and out as safetensors: 8 bytes with the header's length, a JSON header with names, shapes and places, then the
// numbers one tensor after another, little-endian. Written as float32; any whole-byte number format is read into float32.
import { type FileHandle, open } from "node:fs/promises";
import { ForelossError } from "../core/errors.ts";
import { type NumberFormatName, readNumbers } from "../core/number-formats.ts";
import {
  type Header,
  headerLength,
  longestHeader,
  metadataKey,
  prefixLength,
  readHeader,
  type TensorEntry,
  tensorPlace,
} from "./safetensors-header.ts";

export interface TensorToStore {
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly values: Float32Array;
}

export interface StoredTensor extends TensorToStore {
  /** Number format in the file; `values` are float32 whatever it is. */
  readonly dtype: NumberFormatName;
}

export interface Safetensors {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file: tensors as F32 in the order of their names, numbers beginning at a multiple of 8 bytes.
 * The same tensors and metadata give the same bytes, whatever order they come in.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, TensorToStore>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = encodeHeader(sorted, metadata);
  const count = sorted.reduce((sum, [, { values }]) => sum + values.length, 0);
  const bytes = new Uint8Array(prefixLength + header.length + 4 * count);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, prefixLength);
  let at = prefixLength + header.length;
  for (const [, { values }] of sorted) {
    for (let i = 0; i < values.length; i++) view.setFloat32(at + 4 * i, values[i]!, true);
    at += 4 * values.length;
  }
  return bytes;
}

function encodeHeader(
  tensors: readonly (readonly [string, TensorToStore])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const parts: [string, object][] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) parts.push([metadataKey, Object.fromEntries(keys.map((key) => [key, metadata[key]]))]);
  let at = 0;
  for (const [name, tensor] of tensors) {
    checkTensor(name, tensor);
    const end = at + 4 * tensor.values.length;
    parts.push([name, { dtype: "F32", shape: tensor.shape, data_offsets: [at, end] }]);
    at = end;
  }
  // Written entry by entry: an object would move names such as "7" to its front.
  const text = `{${parts.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`;
  const length = Buffer.byteLength(text);
  const padded = Math.ceil((prefixLength + length) / 8) * 8 - prefixLength;
  if (padded > longestHeader) throw new ForelossError(`safetensors: a header of ${padded} bytes; the most is 100 MB`);
  return Buffer.from(text + " ".repeat(padded - length));
}

function checkTensor(name: string, { shape, values }: TensorToStore): void {
  if (name === metadataKey) {
    throw new ForelossError(`safetensors: a tensor named "${name}"; the format keeps this name, use another`);
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (count !== values.length) {
    const message = `${values.length} numbers for the shape [${shape.join(", ")}], which needs ${count}`;
    throw new ForelossError(`${tensorPlace("safetensors", name)}: ${message}`);
  }
}

/** All tensors in the bytes of a safetensors file. Throws a `ForelossError` that opens with `where` when they are damaged. */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const dataAt = prefixLength + headerLength(bytes.subarray(0, prefixLength), bytes.length, where);
  const header = readHeader(bytes.subarray(prefixLength, dataAt), bytes.length - dataAt, where);
  const tensors = header.entries.map((entry) =>
    toTensor(entry, bytes.subarray(dataAt + entry.begin, dataAt + entry.end)),
  );
  return { tensors: new Map(tensors), metadata: header.metadata };
}

/**
 * The tensors of a file, or those whose names `wanted` accepts: only their bytes are read from the disk, one tensor at a time.
 * Throws a `ForelossError` for a file that is missing or damaged; damage outside the wanted tensors is seen too.
 */
export async function readSafetensors(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<Safetensors> {
  const file = await openFile(path);
  try {
    const { header, dataAt } = await readHeaderOf(file, path);
    const tensors = new Map<string, StoredTensor>();
    for (const entry of header.entries) {
      if (!wanted(entry.name)) continue;
      const bytes = await readBytes(file, dataAt + entry.begin, entry.end - entry.begin, path);
      tensors.set(...toTensor(entry, bytes));
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new ForelossError(`${path}: cannot be opened (${(error as Error).message}); check the path`, {
      cause: error,
    });
  }
}

async function readHeaderOf(file: FileHandle, path: string): Promise<{ header: Header; dataAt: number }> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new ForelossError(`${path}: not a file; give the path of a safetensors file`);
  const prefix = await readBytes(file, 0, Math.min(prefixLength, stat.size), path);
  const length = headerLength(prefix, stat.size, path);
  const dataAt = prefixLength + length;
  const bytes = await readBytes(file, prefixLength, length, path);
  return { header: readHeader(bytes, stat.size - dataAt, path), dataAt };
}

async function readBytes(file: FileHandle, position: number, length: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new ForelossError(`${path}: became shorter while it was read; try again`);
    done += bytesRead;
  }
  return bytes;
}

function toTensor({ name, dtype, shape }: TensorEntry, bytes: Uint8Array): [string, StoredTensor] {
  return [name, { dtype, shape, values: readNumbers(bytes, dtype) }];
}
