// A file as what the Parquet decoder reads of a Blob. Every part goes straight into one buffer; Node's own `openAsBlob` collects
// it in chunks and joins them, twice the memory of a part.
import { fstatSync, openSync, readSync } from "node:fs";

/** The file at `path`, which stays open as long as its thread. */
export function fileBlob(path: string): Blob {
  const file = openSync(path, "r");
  return partOf(file, 0, fstatSync(file).size);
}

/** Bytes `from` and on, below `to`. */
function partOf(file: number, from: number, to: number): Blob {
  const size = to - from;
  const place = (at: number) => from + (at < 0 ? Math.max(0, size + at) : Math.min(size, at));
  const part: Pick<Blob, "size" | "slice" | "arrayBuffer"> = {
    size,
    slice: (start = 0, end = size) => partOf(file, place(start), Math.max(place(start), place(end))),
    arrayBuffer: async () => bytesOf(file, from, size),
  };
  return part as Blob;
}

function bytesOf(file: number, from: number, size: number): ArrayBuffer {
  const bytes = new Uint8Array(size);
  for (let filled = 0; filled < size; ) {
    const read = readSync(file, bytes, filled, size - filled, from + filled);
    if (read === 0) throw new Error(`ends after ${from + filled} bytes`);
    filled += read;
  }
  return bytes.buffer;
}
