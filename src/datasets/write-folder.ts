// Writes a new folder of pictures and labels. It is made beside its place and moved there when it is complete.
import { constants, copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ForelossError } from "../core/errors.ts";
import { inParallel } from "./in-parallel.ts";
import { folderOf } from "./label-folder/folder-files.ts";

/** A file to be written, or a picture to be copied; `to` is a path below the folder. */
export type FolderEntry =
  | { readonly to: string; readonly text: string }
  | { readonly to: string; readonly copyOf: string };

const copiesAtOnce = 16;

/** Throws a `ForelossError` when `folder` is there and not empty, and what `entriesOf` throws; nothing is written then. */
export async function writeFolder(folder: string, entriesOf: () => readonly FolderEntry[]): Promise<void> {
  await requireEmpty(folder);
  const entries = entriesOf();
  await mkdir(path.dirname(path.resolve(folder)), { recursive: true });
  const temporary = await mkdtemp(`${path.resolve(folder)}.part-`);
  try {
    for (const place of new Set(entries.map(({ to }) => folderOf(to)))) {
      await mkdir(path.join(temporary, place), { recursive: true });
    }
    await inParallel(entries, copiesAtOnce, (entry) => writeEntry(path.join(temporary, entry.to), entry));
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ForelossError(`${folder}: nothing can be written there (${error.message})`, { cause: error });
  });
  if (names.length === 0) return;
  throw new ForelossError(`${folder}: not empty, and nothing in it is overwritten`, { hint: "Name a new folder." });
}

async function writeEntry(place: string, entry: FolderEntry): Promise<void> {
  if ("text" in entry) await writeFile(place, entry.text);
  else await copyFile(entry.copyOf, place, constants.COPYFILE_FICLONE);
}

/** The folders that all paths begin with, with a `/` at the end: they say nothing of a single picture. */
export function sharedFolder(ids: readonly string[]): string {
  let shared = ids.length === 0 ? "" : `${folderOf(ids[0]!)}/`;
  while (shared !== "" && !ids.every((id) => id.startsWith(shared))) shared = shared.replace(/[^/]*\/$/, "");
  return shared === "/" ? "" : shared;
}
