// All files of a data folder, listed once, and the pictures among them as label files name them: by a path that was right
// on another machine, or by a name without its ending.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { groupBy } from "../../core/group-by.ts";
import { isOtherPictureName, isPictureName, listAllFiles, requireFolder } from "../list-pictures.ts";
import { type Fault, FaultError } from "./faults.ts";
import { splitWord } from "./split-word.ts";

export interface FolderFiles {
  readonly root: string;
  /** Paths relative to the root, with `/`, sorted by code unit. */
  readonly all: readonly string[];
  readonly pictures: readonly string[];
  has(file: string): boolean;
  /** Pictures whose path without its ending is `stem`. */
  withStem(stem: string): readonly string[];
  /** Pictures that a path written by another tool can mean, seen from the label file `from`. */
  meant(written: string, from: string): readonly string[];
  /** Where the picture of a stem is there in a format that is not read: words that say so, to be put at the end of a message. */
  otherFormatNote(stem: string): string;
  read(file: string): Promise<Uint8Array>;
  /** Throws a `FaultError` when the bytes are not UTF-8. */
  text(file: string): Promise<string>;
}

/** Lists a folder. Throws a `ForelossError` when it is none. */
export async function listFolderFiles(root: string): Promise<FolderFiles> {
  await requireFolder(root);
  return folderFiles(root, await listAllFiles(root), (file) => path.join(root, file));
}

/** Files as if they lay in one folder; `placeOf` says where each of `all`, which are sorted by code unit, truly lies. */
export function folderFiles(root: string, all: readonly string[], placeOf: (file: string) => string): FolderFiles {
  const known = new Set(all);
  const pictures = all.filter(isPictureName);
  const byStem = groupBy(pictures, withoutEnding);
  const byName = groupBy(pictures, (file) => path.posix.basename(file));
  const others = groupBy(all.filter(isOtherPictureName), (file) => path.posix.basename(withoutEnding(file)));
  const read = (file: string) => readFile(placeOf(file));
  return {
    root,
    all,
    pictures,
    has: (file) => known.has(file),
    withStem: (stem) => byStem.get(stem) ?? [],
    meant: (written, from) => meantBy(stepsOf(written), from, byName),
    otherFormatNote: (stem) => {
      const other = others.get(path.posix.basename(stem))?.[0];
      return other === undefined ? "" : ` (${other} is not a JPEG, PNG or WebP file)`;
    },
    read,
    text: async (file) => decodeUtf8(await read(file), file),
  };
}

/** Why a picture that a label names is not the one found. */
export function whichPicture(files: FolderFiles, name: string, found: readonly string[], where: string): Fault {
  if (found.length > 1) return { kind: "ambiguous", where, what: `"${name}" fits ${found.join(" and ")}` };
  const note = files.otherFormatNote(withoutEnding(name));
  return { kind: "missing", where, what: `there is no picture "${name}"${note}` };
}

/** Text of a file without its byte order mark and with line feeds only. Throws a `FaultError` for bytes of another encoding. */
export function decodeUtf8(bytes: Uint8Array, where: string, encoding = "utf-8"): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch (error) {
    throw new FaultError({ kind: "malformed", where, what: `the text is not ${encoding}` }, error);
  }
}

/** Path without the last ending: `a/b.c.jpg` to `a/b.c`. */
export function withoutEnding(file: string): string {
  return file.slice(0, file.length - path.posix.extname(file).length);
}

/** Folder of a path; empty for the root itself. */
export function folderOf(file: string): string {
  const folder = path.posix.dirname(file);
  return folder === "." ? "" : folder;
}

/** Path in a folder, where the empty folder is the root. */
export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Steps of a path of any system, without drive, `.` and `..`. */
export function stepsOf(written: string): string[] {
  const steps = written.replaceAll("\\", "/").split("/");
  return steps.filter((step) => !["", ".", ".."].includes(step) && !/^[A-Za-z]:$/.test(step));
}

/**
 * Pictures that share the longest possible end with the path. Of several, those count that lie where `from` does; a
 * picture in another split than `from` (val2017/ for a train file) never does.
 */
function meantBy(steps: readonly string[], from: string, byName: ReadonlyMap<string, string[]>): readonly string[] {
  const own = splitWord(from);
  const sameName = (byName.get(steps.at(-1) ?? "") ?? []).filter((file) => {
    const word = splitWord(folderOf(file));
    return own === undefined || word === undefined || word === own;
  });
  for (let first = 0; first < steps.length; first++) {
    const end = steps.slice(first).join("/");
    const found = sameName.filter((file) => file === end || file.endsWith(`/${end}`));
    if (found.length > 0) return nearestTo(folderOf(from), end, found);
  }
  return [];
}

function nearestTo(folder: string, end: string, found: readonly string[]): readonly string[] {
  const exact = found.filter((file) => file === below(folder, end));
  const inside = found.filter((file) => file.startsWith(below(folder, "")));
  return [exact, inside].find((some) => some.length === 1) ?? found;
}
