// Reads all labels of a folder with boxes and holds them against the pictures, before anything is trained. What is wrong is
// listed with its place; a picture whose label is wrong in one place is left out whole, since training would take the
// objects that are missing in it for background.

import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import { groupBy } from "../../core/group-by.ts";
import type { DetectionLabel } from "../../core/labels.ts";
import { didYouMean } from "../../core/suggest.ts";
import type { DatasetRecipe } from "../../records/recipe-dataset.ts";
import { type FileStamp, fileStamp, type OpenProgress } from "../check-pictures.ts";
import { chooseSets } from "../label-folder/choose-sets.ts";
import type { Fault } from "../label-folder/faults.ts";
import { type FolderFiles, listFolderFiles } from "../label-folder/folder-files.ts";
import { joinContents, readSets } from "../label-folder/label-content.ts";
import { isOtherPictureName } from "../list-pictures.ts";
import { lookAtEach } from "../look-at-each.ts";
import { examinePicture } from "../read-picture.ts";
import { detectionLabel } from "./box-faults.ts";
import type { LabelledPicture, SetContent } from "./labelled-picture.ts";
import { type BoxFormat, openLabels } from "./open-labels.ts";

export type BoxesRecipe = Extract<DatasetRecipe, { kind: "boxes" }>;

/** What reading the labels takes of a recipe. */
export type LabelsRecipe = Pick<BoxesRecipe, "format" | "vocOrigin" | "trainSplit" | "testSplit" | "classes">;

/** A picture whose label is sound. */
export interface BoxPicture extends FileStamp {
  readonly id: string;
  readonly label: DetectionLabel;
}

/** What was found in a folder with boxes; plain data, from which another thread opens it without looking again. */
export interface BoxSurvey {
  readonly kind: "boxes";
  readonly format: BoxFormat;
  readonly classNames: readonly string[];
  readonly train: readonly BoxPicture[];
  /** What the folder itself holds out, or null when it holds no split. */
  readonly test: readonly BoxPicture[] | null;
  /** What is wrong; the pictures concerned are in neither part. */
  readonly faults: readonly Fault[];
  /** What is passed over without being wrong (no label, no used set): `path: reason`. */
  readonly passedOver: readonly string[];
}

/** Throws a `ForelossError` when the folder cannot be read as boxes at all. Progress counts pictures. */
export async function surveyBoxes(root: string, recipe: LabelsRecipe, progress: OpenProgress): Promise<BoxSurvey> {
  const files = await listFolderFiles(root);
  const labels = await openLabels(files, recipe.format, recipe);
  const chosen = chooseSets(labels.sets, recipe, root);
  const { signal } = progress;
  const [train, test] = [await readSets(chosen.train, signal), await readSets(chosen.test ?? [], signal)];
  const all = joinContents([train, test]);
  const known = labels.classNames ?? classesOf(train.pictures);
  const wanted =
    recipe.classes === null ? null : requireClasses(recipe.classes, labels.classNames ?? classesOf(all.pictures), root);
  const labelled = { train: keepClasses(train.pictures, wanted), test: keepClasses(test.pictures, wanted) };
  const classNames = wanted ?? known;
  const checked = await checkLabels(root, [...labelled.train, ...labelled.test], classNames, progress);
  const faults = [...all.faults, ...duplicates(labelled.train, labelled.test), ...checked.faults];
  const faulty = new Set(faults.map(({ id }) => id));
  const sound = (pictures: readonly LabelledPicture[]) =>
    pictures.filter(({ id }) => !faulty.has(id)).map(({ id }) => checked.sound.get(id)!);
  return {
    kind: "boxes",
    format: labels.format,
    classNames,
    train: sound(labelled.train),
    test: chosen.test === null ? null : sound(labelled.test),
    faults,
    passedOver: [...otherClasses(all.pictures, wanted), ...passedOver(files, chosen.unused, all)],
  };
}

/** Classes that occur, sorted by code unit. */
export function classesOf(pictures: readonly LabelledPicture[]): string[] {
  return [...new Set(pictures.flatMap(({ objects }) => objects.map(({ className }) => className)))].sort();
}

function requireClasses(classes: readonly string[], known: readonly string[], root: string): readonly string[] {
  const unknown = classes.find((name) => !known.includes(name));
  if (unknown === undefined) return classes;
  throw new ForelossError(`${root}: no class "${unknown}", which dataset.classes names${didYouMean(unknown, known)}`);
}

function keepClasses(
  pictures: readonly LabelledPicture[],
  classes: readonly string[] | null,
): readonly LabelledPicture[] {
  if (classes === null) return pictures;
  return pictures.map((picture) => ({
    ...picture,
    objects: picture.objects.filter(({ className }) => classes.includes(className)),
  }));
}

/** Pictures that stand in the sets twice: in one of them, or in both parts, which would test on what was trained on. */
function duplicates(train: readonly LabelledPicture[], test: readonly LabelledPicture[]): Fault[] {
  const first = new Map<string, { where: string; part: string }>();
  const parts = [
    { part: "train", pictures: train },
    { part: "test", pictures: test },
  ];
  return parts.flatMap(({ part, pictures }) =>
    pictures.flatMap(({ id, where }): Fault[] => {
      const before = first.get(id);
      first.set(id, before ?? { where, part });
      if (before === undefined) return [];
      const place = before.part === part ? "already" : `in the ${before.part} part already`;
      return [{ kind: "duplicate", where, what: `the picture ${id} stands ${place} (${before.where})`, id }];
    }),
  );
}

interface CheckedLabels {
  readonly sound: ReadonlyMap<string, BoxPicture>;
  readonly faults: readonly Fault[];
}

async function checkLabels(
  root: string,
  pictures: readonly LabelledPicture[],
  classNames: readonly string[],
  progress: OpenProgress,
): Promise<CheckedLabels> {
  const classes = new Map(classNames.map((name, classIndex) => [name, classIndex]));
  const outcomes = await lookAtEach(pictures, progress, (picture) =>
    checkPicture(path.join(root, picture.id), picture, classes),
  );
  const sound = outcomes.flatMap((outcome) => ("label" in outcome ? [[outcome.id, outcome] as const] : []));
  return { sound: new Map(sound), faults: outcomes.flatMap((outcome) => ("label" in outcome ? [] : outcome)) };
}

async function checkPicture(
  file: string,
  picture: LabelledPicture,
  classes: ReadonlyMap<string, number>,
): Promise<BoxPicture | readonly Fault[]> {
  const { id } = picture;
  const examined = await examinePicture(file);
  if ("fault" in examined) return [{ kind: "unreadable", where: id, what: examined.fault, id }];
  const label = detectionLabel(picture, examined.size, classes);
  return "objects" in label ? { id, label, ...(await fileStamp(file)) } : label;
}

/** Objects that the recipe's choice of classes leaves out, one line per class. */
function otherClasses(pictures: readonly LabelledPicture[], wanted: readonly string[] | null): string[] {
  if (wanted === null) return [];
  const others = pictures.flatMap(({ objects }) => objects.filter(({ className }) => !wanted.includes(className)));
  const groups = groupBy(others, ({ className }) => className);
  return Array.from(groups, ([name, some]) => `class "${name}": ${some.length} objects not used, by dataset.classes`);
}

/** What lies in the folder and is in no part, without being wrong. */
function passedOver(files: FolderFiles, unusedSets: readonly string[], { pictures, faults, unlabelled }: SetContent) {
  const used = new Set([...pictures.map(({ id }) => id), ...faults.map(({ id }) => id), ...unlabelled]);
  const unused = files.pictures.filter((id) => !used.has(id));
  const others = unused.length > 1 ? ` and ${unused.length - 1} other pictures` : "";
  const sets = unusedSets.map((name) => (name === "" ? "those outside train and test" : name)).join(", ");
  const note = `${unused[0]}${others}: in no set that is used${sets === "" ? "" : `; not used: ${sets}`}`;
  return [
    ...unlabelled.map((id) => `${id}: no label`),
    ...(unused.length === 0 ? [] : [note]),
    ...files.all.filter(isOtherPictureName).map((name) => `${name}: not a JPEG, PNG or WebP file`),
  ];
}
