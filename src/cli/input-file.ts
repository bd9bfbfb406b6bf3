// Reading a file that was named on the command line: when it is not there, the nearest one that is.
import { access, constants, readdir, readFile, stat } from "node:fs/promises";
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
    throw await unreadable(path, error);
  }
}

/** Throws a `UsageError`, as `readInput` does, when a file that will be read by parts is missing or no file. */
export async function checkInputFile(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isDirectory()) throw new UsageError(isFolder(path));
  } catch (error) {
    throw await unreadable(path, error);
  }
}

function isFolder(path: string): string {
  return `${path}: is a folder; a file is needed`;
}

async function unreadable(path: string, error: unknown): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new UsageError(`${path}: no such file${await similarFile(path)}`);
  if (code === "EISDIR") return new UsageError(isFolder(path));
  if (code === "EACCES") return new UsageError(`${path}: may not be read by you`);
  return error;
}

/** `; did you mean "x"?` for the file beside `path` with the nearest name, else nothing. */
export async function similarFile(path: string): Promise<string> {
  const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []));
  return near === undefined ? "" : `; did you mean "${join(dirname(path), near)}"?`;
}
