// Finds the picture files in a user's folder, in an order that does not depend on the disk. Hidden files and folders
// are passed over, links are followed, nothing is written.
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ForelossError } from "../core/errors.ts";
import { similarFolder } from "./missing-folder.ts";
import { pictureExtensions } from "./read-picture.ts";

/** Picture files that are not read: named in the list of what was skipped, since their owner may expect them to count. */
const otherPictures: readonly string[] = [
  ".gif",
  ".bmp",
  ".tif",
  ".tiff",
  ".heic",
  ".heif",
  ".avif",
  ".jp2",
  ".jxl",
  ".svg",
  ".ppm",
  ".pgm",
];

export interface FoundPictures {
  /** Paths relative to the folder that was searched, with `/`, sorted by code unit. */
  readonly pictures: readonly string[];
  /** The same for pictures of formats that are not read. */
  readonly others: readonly string[];
}

/** Names in a folder, sorted by code unit, without hidden ones. */
export interface FolderContent {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

export function isPictureName(name: string): boolean {
  return (pictureExtensions as readonly string[]).includes(path.extname(name).toLowerCase());
}

/** Throws a `ForelossError` that names the nearest folder there is when `folder` is none. */
export async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new ForelossError(`${folder}: no such folder${await similarFolder(folder)}`);
  if (!found.isDirectory()) {
    throw new ForelossError(`${folder}: a file; expected a folder of pictures`, { hint: "Unpack archives first." });
  }
}

/** What lies directly in a folder. */
export async function listFolder(folder: string): Promise<FolderContent> {
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of await readVisible(folder)) {
    const kind = entry.isSymbolicLink() ? await stat(path.join(folder, entry.name)).catch(() => undefined) : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    if (kind?.isFile()) files.push(entry.name);
  }
  return { folders: folders.sort(), files: files.sort() };
}

/** A picture by its name, of a format that is not read. */
export function isOtherPictureName(name: string): boolean {
  return otherPictures.includes(path.extname(name).toLowerCase());
}

/** All pictures below a folder, however deep. */
export async function listPictures(folder: string): Promise<FoundPictures> {
  const files = await listAllFiles(folder);
  return { pictures: files.filter(isPictureName), others: files.filter(isOtherPictureName) };
}

/** All files below a folder as paths relative to it, sorted by code unit. A link back to a folder it lies in is not followed. */
export async function listAllFiles(folder: string): Promise<string[]> {
  return (await listFiles(folder, "", [])).sort();
}

async function listFiles(folder: string, prefix: string, ancestors: readonly string[]): Promise<string[]> {
  const real = await realpath(folder);
  if (ancestors.includes(real)) return [];
  const { folders, files } = await listFolder(folder);
  const found = files.map((name) => prefix + name);
  for (const name of folders) {
    for (const file of await listFiles(path.join(folder, name), `${prefix}${name}/`, [...ancestors, real]))
      found.push(file);
  }
  return found;
}

async function readVisible(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith("."));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ForelossError(`${folder}: the folder cannot be read (${why})`, { cause: error });
  }
}
