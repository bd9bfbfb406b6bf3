// Reading a file that was named on the command line: when it is not there, the nearest one that is.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../core/errors.ts";
import { nearest } from "../core/suggest.ts";

/** Bytes, or text, of a file. Throws a `UsageError` when it is missing, a folder, or not to be read. */
export async function readInput(path: string): Promise<Uint8Array>;
export async function readInput(path: string, encoding: "utf8"): Promise<string>;
export async function readInput(path: string, encoding?: "utf8"): Promise<Uint8Array | string> {
  try {
    return await (encoding === undefined ? readFile(path) : readFile(path, encoding));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`${path}: no such file${await similarFile(path)}`);
    if (code === "EISDIR") throw new UsageError(`${path}: is a folder; a file is needed`);
    if (code === "EACCES") throw new UsageError(`${path}: may not be read by you`);
    throw error;
  }
}

/** `; did you mean "x"?` for the file beside `path` with the nearest name, else nothing. */
export async function similarFile(path: string): Promise<string> {
  const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []));
  return near === undefined ? "" : `; did you mean "${join(dirname(path), near)}"?`;
}
