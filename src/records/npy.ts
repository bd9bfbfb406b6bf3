// NumPy's .npy files for embeddings: float32 [items, dims] written as format 1.0, float32 or float64 read in any version
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
import { ForelossError } from "../core/errors.ts";
import type { Matrix } from "../core/signals.ts";

const magic = "\x93NUMPY";

/** The matrix as the bytes of a .npy file, little-endian float32 in row order. */
export function encodeNpy(matrix: Matrix): Uint8Array {
  const entries = `{'descr': '<f4', 'fortran_order': False, 'shape': (${matrix.rows}, ${matrix.columns}), }`;
  const headerLength = Math.ceil((10 + entries.length + 1) / 64) * 64 - 10;
  const bytes = Buffer.alloc(10 + headerLength + matrix.values.length * 4);
  bytes.write(magic, "latin1");
  bytes.writeUInt8(1, 6);
  bytes.writeUInt16LE(headerLength, 8);
  bytes.write(`${entries.padEnd(headerLength - 1)}\n`, 10, "latin1");
  const data = new DataView(bytes.buffer, bytes.byteOffset + 10 + headerLength);
  for (let i = 0; i < matrix.values.length; i++) data.setFloat32(i * 4, matrix.values[i]!, true);
  return bytes;
}

/** The matrix in the bytes of a .npy file. Throws a `ForelossError` that opens with `where` for anything else. */
export function decodeNpy(bytes: Uint8Array, where: string): Matrix {
  const { text, dataAt } = readHeader(bytes, where);
  const type = field(text, /'descr':\s*'([^']*)'/, where);
  const width = { "<f4": 4, "<f8": 8 }[type];
  if (width === undefined) {
    throw new ForelossError(`${where}: numbers of type "${type}"; needs float32`, {
      hint: 'numpy.save("embeddings.npy", embeddings.astype("float32"))',
    });
  }
  if (field(text, /'fortran_order':\s*(\w+)/, where) !== "False") {
    throw new ForelossError(`${where}: stored column by column; needs rows`, {
      hint: 'numpy.save("embeddings.npy", numpy.ascontiguousarray(embeddings))',
    });
  }
  const shape = field(text, /'shape':\s*\(([^)]*)\)/, where);
  const [rows, columns, ...more] = shape
    .split(",")
    .filter((extent) => extent.trim() !== "")
    .map(Number);
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw new ForelossError(`${where}: an array of shape (${shape}); needs [items, dimensions]`);
  }
  const expected = rows * columns * width;
  if (bytes.length - dataAt !== expected) {
    throw new ForelossError(
      `${where}: ${bytes.length - dataAt} bytes of numbers, ${expected} promised; write it again`,
    );
  }
  return { rows, columns, values: readNumbers(bytes, dataAt, rows * columns, width) };
}

function readHeader(bytes: Uint8Array, where: string): { text: string; dataAt: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.toString("latin1", 0, 6) !== magic) {
    throw new ForelossError(`${where}: not a NumPy file; needs one written by numpy.save`);
  }
  const [lengthBytes, length] = view[6] === 1 ? [2, view.readUInt16LE(8)] : [4, view.readUInt32LE(8)];
  const dataAt = 8 + lengthBytes + length;
  return { text: view.toString("latin1", 8 + lengthBytes, dataAt), dataAt };
}

function field(header: string, pattern: RegExp, where: string): string {
  const found = pattern.exec(header)?.[1];
  if (found === undefined)
    throw new ForelossError(`${where}: the header of this NumPy file cannot be read: ${header.trim()}`);
  return found;
}

function readNumbers(bytes: Uint8Array, at: number, count: number, width: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * width);
  return Float32Array.from({ length: count }, (_, i) =>
    width === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true),
  );
}
