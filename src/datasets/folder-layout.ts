// How a user's folder says which picture is of which class: one sub-folder per class, either directly or inside train/
// and test/ (or val/), which then are the split.
import path from "node:path";
import { ForelossError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { type FolderContent, isPictureName, listFolder, listPictures, requireFolder } from "./list-pictures.ts";

export interface FolderPicture {
  /** Path relative to the root, with `/`. */
  readonly id: string;
  readonly classIndex: number;
}

export interface FolderLayout {
  /** Sorted by code unit. */
  readonly classNames: readonly string[];
  /** Pictures that may be chosen; all of them when the folder holds no split of its own. */
  readonly train: readonly FolderPicture[];
  /** Pictures held out by the folder itself, or null when it holds no split. */
  readonly test: readonly FolderPicture[] | null;
  /** What was passed over: `path: reason`. */
  readonly skipped: readonly string[];
}

const layoutHint =
  "Expected one sub-folder per class (cats/tom.jpg, dogs/rex.png), or train/ and test/ (or val/) that hold such sub-folders.";

/** Reads the layout of a folder. Throws a `ForelossError` for pictures outside class folders, no class, or a test class unknown in train. */
export async function readFolderLayout(root: string): Promise<FolderLayout> {
  await requireFolder(root);
  const content = await listFolder(root);
  const heldOut = await heldOutFolder(root, content);
  if (heldOut === undefined) {
    const classNames = await classFolders(root);
    const { pictures, skipped } = await readClasses(root, "", classNames, classNames);
    return { classNames, train: pictures, test: null, skipped };
  }
  return await readSplitLayout(root, content, heldOut);
}

/** The layout of a folder that holds train/ and `heldOut`/. */
async function readSplitLayout(root: string, content: FolderContent, heldOut: string): Promise<FolderLayout> {
  refuseLoosePictures(root, content);
  const classNames = await classFolders(path.join(root, "train"));
  const testClasses = await classFolders(path.join(root, heldOut));
  const unknown = testClasses.find((name) => !classNames.includes(name));
  if (unknown !== undefined) {
    const where = path.join(root, heldOut, unknown);
    throw new ForelossError(`${where}: class "${unknown}" is not in train/${didYouMean(unknown, classNames)}`);
  }
  const train = await readClasses(root, "train/", classNames, classNames);
  const test = await readClasses(root, `${heldOut}/`, testClasses, classNames);
  const unused = content.folders.filter((name) => name !== "train" && name !== heldOut);
  return {
    classNames,
    train: train.pictures,
    test: test.pictures,
    skipped: [
      ...unused.map((name) => `${name}/: not used, ${heldOut}/ is held out`),
      ...train.skipped,
      ...test.skipped,
    ],
  };
}

/** `test` or `val` where the folder holds a split: train/ and one of them (or both) with class folders inside, and no other folder. */
async function heldOutFolder(root: string, { folders }: FolderContent): Promise<string | undefined> {
  const heldOut = ["test", "val"].find((name) => folders.includes(name));
  if (heldOut === undefined || !folders.includes("train")) return undefined;
  if (folders.some((name) => !["train", "test", "val"].includes(name))) return undefined;
  const inside = await Promise.all(["train", heldOut].map((name) => listFolder(path.join(root, name))));
  return inside.every((content) => content.folders.length > 0) ? heldOut : undefined;
}

async function classFolders(folder: string): Promise<readonly string[]> {
  const content = await listFolder(folder);
  refuseLoosePictures(folder, content);
  if (content.folders.length < 2) {
    const found = content.folders.length === 0 ? "no class folders" : `only one class folder (${content.folders[0]})`;
    throw new ForelossError(`${folder}: ${found}; expected at least two`, { hint: layoutHint });
  }
  return content.folders;
}

/** A picture beside the class folders has no label: better said than passed over. */
function refuseLoosePictures(folder: string, { files }: FolderContent): void {
  const loose = files.filter(isPictureName);
  if (loose.length === 0) return;
  const more = loose.length > 1 ? ` and ${loose.length - 1} more` : "";
  throw new ForelossError(`${path.join(folder, loose[0]!)}${more}: not in a class folder; move it into one, or away`, {
    hint: layoutHint,
  });
}

/** The pictures below `root/prefix` in the class folders `folders`; `classNames` numbers the classes. */
async function readClasses(
  root: string,
  prefix: string,
  folders: readonly string[],
  classNames: readonly string[],
): Promise<{ pictures: FolderPicture[]; skipped: string[] }> {
  const pictures: FolderPicture[] = [];
  const skipped: string[] = [];
  for (const name of folders) {
    const classIndex = classNames.indexOf(name);
    const inClass = `${prefix}${name}/`;
    const found = await listPictures(path.join(root, inClass));
    for (const picture of found.pictures) pictures.push({ id: inClass + picture, classIndex });
    for (const other of found.others) skipped.push(`${inClass}${other}: not a JPEG, PNG or WebP file`);
  }
  return { pictures, skipped };
}
