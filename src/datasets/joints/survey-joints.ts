// Reads all labels of a folder with joints and holds them against the pictures, before anything is trained. What is wrong is
// listed with its place; a person whose label is wrong is left out, the others of its picture are not.
import path from "node:path";
import { stopIfAborted } from "../../core/errors.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import type { DatasetRecipe } from "../../records/recipe-dataset.ts";
import { type FileStamp, fileStamp, type OpenProgress } from "../check-pictures.ts";
import { inParallel } from "../in-parallel.ts";
import { chooseSets } from "../label-folder/choose-sets.ts";
import type { Fault } from "../label-folder/faults.ts";
import { listFolderFiles } from "../label-folder/folder-files.ts";
import { repeatedPictures } from "../label-folder/repeated-pictures.ts";
import { lookAtEach } from "../look-at-each.ts";
import { examinePicture } from "../read-picture.ts";
import type { PersonContent, PersonPicture, PersonSet } from "./labelled-person.ts";
import { type JointFormat, openJointLabels } from "./open-joint-labels.ts";
import { type PersonItem, personsOf } from "./person-faults.ts";

export type JointsRecipe = Extract<DatasetRecipe, { kind: "joints" }>;

/** A person whose label is sound, with its picture's file. */
export interface SurveyedPerson extends PersonItem, FileStamp {}

/** What was found in a folder with joints; plain data, from which another thread opens it without looking again. */
export interface JointSurvey {
  readonly kind: "joints";
  readonly format: JointFormat;
  readonly skeleton: Skeleton;
  readonly train: readonly SurveyedPerson[];
  /** What the folder itself holds out, or null when it holds no split. */
  readonly test: readonly SurveyedPerson[] | null;
  /** What is wrong; the persons concerned are in neither part. */
  readonly faults: readonly Fault[];
  /** What is passed over without being wrong, one line each. */
  readonly passedOver: readonly string[];
}

/** Throws a `ForelossError` when the folder cannot be read as joints at all. Progress counts pictures. */
export async function surveyJoints(root: string, recipe: JointsRecipe, progress: OpenProgress): Promise<JointSurvey> {
  const labels = await openJointLabels(await listFolderFiles(root), recipe.format);
  const chosen = chooseSets(labels.sets, recipe, root);
  const [train, test] = [await readSets(chosen.train, progress), await readSets(chosen.test ?? [], progress)];
  const pictures = [...train.pictures, ...test.pictures];
  const twice = repeatedPictures(pictures);
  const checked = await checkPictures(root, pictures, labels.skeleton, progress);
  const shared = new Set(twice.map(({ id }) => id));
  const sound = (some: readonly PersonPicture[]) =>
    some.flatMap((picture) => (shared.has(picture.id) ? [] : (checked.persons.get(picture) ?? [])));
  return {
    kind: "joints",
    format: labels.format,
    skeleton: labels.skeleton,
    train: sound(train.pictures),
    test: chosen.test === null ? null : sound(test.pictures),
    faults: [...train.faults, ...test.faults, ...twice, ...checked.faults],
    passedOver: [
      ...chosen.unused.map((name) => `${name === "" ? "pictures in no split" : name}: a set that is not used`),
      ...train.passedOver,
      ...test.passedOver,
    ],
  };
}

/** Sets are read one after another; each reads several files at a time. */
async function readSets(sets: readonly PersonSet[], { signal }: OpenProgress): Promise<PersonContent> {
  const contents = await inParallel(sets, 1, async (set) => {
    stopIfAborted(signal, "while reading labels");
    return await set.read();
  });
  return {
    pictures: contents.flatMap(({ pictures }) => pictures),
    faults: contents.flatMap(({ faults }) => faults),
    passedOver: contents.flatMap(({ passedOver }) => passedOver),
  };
}

interface CheckedPersons {
  readonly persons: ReadonlyMap<PersonPicture, readonly SurveyedPerson[]>;
  readonly faults: readonly Fault[];
}

async function checkPictures(
  root: string,
  pictures: readonly PersonPicture[],
  skeleton: Skeleton,
  progress: OpenProgress,
): Promise<CheckedPersons> {
  const outcomes = await lookAtEach(pictures, progress, (picture) =>
    checkPicture(path.join(root, picture.id), picture, skeleton),
  );
  return {
    persons: new Map(pictures.map((picture, i) => [picture, outcomes[i]!.persons])),
    faults: outcomes.flatMap(({ faults }) => faults),
  };
}

async function checkPicture(
  file: string,
  picture: PersonPicture,
  skeleton: Skeleton,
): Promise<{ persons: SurveyedPerson[]; faults: readonly Fault[] }> {
  const { id } = picture;
  const examined = await examinePicture(file);
  if ("fault" in examined)
    return { persons: [], faults: [{ kind: "unreadable", where: id, what: examined.fault, id }] };
  const { items, faults } = personsOf(picture, examined.size, skeleton);
  const stamp = await fileStamp(file);
  return { persons: items.map((item) => ({ ...item, ...stamp })), faults };
}
