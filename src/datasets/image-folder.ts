// A user's folder of pictures as a data set. Opening looks at every file without decoding it; pictures are decoded when
// they are first read. Nothing is ever written into the folder.
import path from "node:path";
import { ForelossError } from "../core/errors.ts";
import type { DatasetRecipe } from "../records/recipe-dataset.ts";
import {
  type Checked,
  type CheckedPicture,
  checkPictures,
  type FolderSurvey,
  type LookOptions,
  surveyFolder,
} from "./check-pictures.ts";
import type { Dataset, Split } from "./dataset.ts";
import { digestOf } from "./digest.ts";
import { heldOutShare } from "./held-out-share.ts";
import { listPictures, requireFolder } from "./list-pictures.ts";
import { imageNetNormalisation, pictureSource, sourceSplit } from "./picture-source.ts";
import type { PictureSize } from "./read-picture.ts";

type FolderRecipe = Extract<DatasetRecipe, { kind: "folder" }>;

/**
 * Opens a folder of class folders. A picture that cannot be used is listed in `skipped`; a class without enough
 * pictures is a `ForelossError`. A picture that turns out to be damaged when it is first decoded makes `read` fail with a
 * `ForelossError` that names it: always the same file, whatever the order of reading.
 */
export async function openImageFolder(
  recipe: FolderRecipe,
  folder: string | null,
  options: LookOptions & { readonly survey?: FolderSurvey | undefined } = {},
): Promise<Dataset> {
  if (folder === null) {
    throw new ForelossError("folder: no data folder was given", { hint: "Name it with --data <folder of pictures>." });
  }
  const survey = options.survey ?? (await surveyFolder(folder, options));
  const { classNames, train, test } = survey;
  requirePictures(folder, classNames, train, test);
  const all = [...train.usable, ...(test?.usable ?? [])];
  const heldOut = test === null ? drawHeldOut(train, recipe) : isFrom(train.usable.length);
  const source = pictureSource(
    all.map((picture) => path.join(folder, picture.id)),
    recipe,
    options,
  );
  const split = (wanted: boolean) => {
    const numbers = Uint32Array.from(all.keys()).filter((number) => heldOut(number) === wanted);
    const pictures = [...numbers].map((number) => all[number]!);
    const ids = pictures.map((picture) => picture.id);
    return sourceSplit(source, numbers, ids, labelsOf(pictures));
  };
  const parts = { train: split(false), test: split(true) };
  return {
    name: path.basename(path.resolve(folder)),
    classNames,
    imageSize: source.imageSize,
    digest: folderDigest(recipe, classNames, all, parts.test),
    ...parts,
    survey,
    skipped: [...survey.skipped, ...train.skipped, ...(test?.skipped ?? [])],
    normalisation: imageNetNormalisation,
  };
}

/**
 * All pictures below a folder, however deep, without labels (-1), to be scored. Throws a `ForelossError` when there is
 * none; single pictures that cannot be used are listed in `skipped`. Each is decoded whenever it is read: none is kept.
 */
export async function openUnlabelled(
  folder: string,
  size: PictureSize,
  options: LookOptions = {},
): Promise<Split & { readonly skipped: readonly string[] }> {
  await requireFolder(folder);
  const found = await listPictures(folder);
  const { usable, skipped } = await checkPictures(
    folder,
    found.pictures.map((id) => ({ id, classIndex: -1 })),
    options,
  );
  const allSkipped = [...found.others.map((name) => `${name}: not a JPEG, PNG or WebP file`), ...skipped];
  if (usable.length === 0) {
    throw new ForelossError(`${folder}: no picture that can be read${skippedNote(allSkipped)}`, {
      hint: "JPEG, PNG and WebP files are read, in the folder or anywhere below it.",
    });
  }
  const ids = usable.map((picture) => picture.id);
  const source = pictureSource(
    ids.map((id) => path.join(folder, id)),
    size,
    { ...options, limitBytes: 0 },
  );
  const everything = Uint32Array.from(usable.keys());
  return { ...sourceSplit(source, everything, ids, labelsOf(usable)), skipped: allSkipped };
}

/** Every class must have a picture in each part. */
function requirePictures(folder: string, classNames: readonly string[], train: Checked, test: Checked | null): void {
  if (test === null) {
    requireCount(folder, classNames, train, 2, "one to learn from and one to hold out");
  } else {
    requireCount(`${folder}, train part`, classNames, train, 1, "one to learn from");
    requireCount(`${folder}, held-out part`, classNames, test, 1, "one to hold out");
  }
}

function requireCount(
  where: string,
  classNames: readonly string[],
  checked: Checked,
  least: number,
  why: string,
): void {
  const counts = classNames.map(() => 0);
  for (const picture of checked.usable) counts[picture.classIndex]!++;
  const short = classNames.filter((_, classIndex) => counts[classIndex]! < least);
  if (short.length === 0) return;
  const names = short.map((name) => `"${name}" has ${counts[classNames.indexOf(name)]}`);
  throw new ForelossError(
    `${where}: too few readable pictures: class ${firstFew(names, ", ")}; each needs at least ${least}${skippedNote(checked.skipped)}`,
    { hint: `Add pictures (${why}) or move the class folder away.` },
  );
}

function skippedNote(skipped: readonly string[]): string {
  return skipped.length === 0 ? "" : `; skipped: ${firstFew(skipped, "; ")}`;
}

function firstFew(lines: readonly string[], separator: string): string {
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : "";
  return lines.slice(0, 3).join(separator) + more;
}

function drawHeldOut({ usable }: Checked, { testShare, splitSeed }: FolderRecipe): (number: number) => boolean {
  const ids = usable.map((picture) => picture.id);
  const heldOut = heldOutShare({ ids, labels: labelsOf(usable) }, testShare, splitSeed);
  return (number) => heldOut.has(number);
}

function isFrom(first: number): (number: number) => boolean {
  return (number) => number >= first;
}

function labelsOf(pictures: readonly CheckedPicture[]): Int32Array {
  return Int32Array.from(pictures, (picture) => picture.classIndex);
}

/** Files count with size and time of change, not with their content, so that opening need not read them. */
function folderDigest(
  size: PictureSize,
  classNames: readonly string[],
  all: readonly CheckedPicture[],
  test: Split,
): string {
  const files = all.map(({ id, classIndex, bytes, modifiedMs }) => `${id}\t${classIndex}\t${bytes}\t${modifiedMs}`);
  return digestOf([`${size.sidePx} ${size.resize}`, classNames.join("\n"), files.join("\n"), test.ids.join("\n")]);
}
