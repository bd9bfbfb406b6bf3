// NumPy's .npy files in memory: float32 [items, dims] written as format 1.0; arrays of numbers of one or two axes read,
// whatever their numbers and their order. Files that need not fit into memory are read by arrays/npy-rows.ts.
import { ForelossError } from "../core/errors.ts";
import type { Matrix } from "../core/signals.ts";
import { checkNpySize, npyDataAt, npyMagic, parseNpyHeader } from "./arrays/npy-header.ts";
import { decodeNpyRows, layoutOf } from "./arrays/npy-rows.ts";

/** The matrix as the bytes of a .npy file, little-endian float32 in row order. */
export function encodeNpy({ rows, columns, values }: Matrix): Uint8Array {
  const header = encodeNpyHeader(rows, columns);
  const bytes = Buffer.alloc(header.length + values.length * 4);
  bytes.set(header);
  const data = new DataView(bytes.buffer, bytes.byteOffset + header.length);
  for (let i = 0; i < values.length; i++) data.setFloat32(i * 4, values[i]!, true);
  return bytes;
}

/** What stands before the numbers in such a file. */
export function encodeNpyHeader(rows: number, columns: number): Uint8Array {
  const entries = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((10 + entries.length + 1) / 64) * 64 - 10;
  const bytes = Buffer.alloc(10 + length);
  bytes.write(npyMagic, "latin1");
  bytes.writeUInt8(1, 6);
  bytes.writeUInt16LE(length, 8);
  bytes.write(`${entries.padEnd(length - 1)}\n`, 10, "latin1");
  return bytes;
}

/** The matrix in the bytes of a .npy file. Throws a `ForelossError` that opens with `where` for anything else. */
export function decodeNpy(bytes: Uint8Array, where: string): Matrix {
  const dataAt = npyDataAt(bytes, where);
  if (dataAt > bytes.length) throw new ForelossError(`${where}: ends within its header; write it again`);
  const header = parseNpyHeader(bytes.subarray(0, dataAt), where);
  checkNpySize(header, bytes.length, where);
  const layout = layoutOf(header, where);
  if (layout.members > 1 || header.shape.length > 2) {
    throw new ForelossError(`${where}: an array of shape (${header.shape.join(", ")}); needs [items, dimensions]`);
  }
  return { rows: layout.rows, columns: layout.columns, values: decodeNpyRows(bytes, layout) };
}
