// What to say about a folder that is not there: the nearest right one beside it.
import { readdir } from "node:fs/promises";
import path from "node:path";
import { nearest } from "../core/suggest.ts";

/** `; did you mean "/data/cats"?` for a path that nearly exists, else an empty string. Only the first wrong part is put right. */
export async function similarFolder(folder: string): Promise<string> {
  const wanted = path.resolve(folder);
  const parent = path.dirname(wanted);
  const names = await folderNames(parent);
  if (names === undefined) return parent === wanted ? "" : await similarFolder(parent);
  const near = nearest(path.basename(wanted), names);
  return near === undefined ? "" : `; did you mean "${path.join(parent, near)}"?`;
}

/** Names of the folders in a folder, or undefined when it cannot be read. */
async function folderNames(folder: string): Promise<string[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  return entries?.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
}
