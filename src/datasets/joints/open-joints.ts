// A user's folder of pictures with joints as a data set of persons. Nothing is ever written into the folder.
import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import type { PoseLabel } from "../../core/labels.ts";
import type { OpenProgress } from "../check-pictures.ts";
import type { Dataset } from "../dataset.ts";
import { digestOf } from "../digest.ts";
import { heldOutShare } from "../held-out-share.ts";
import { faultLine, faultSummary } from "../label-folder/fault-summary.ts";
import { imageNetNormalisation, sourceSplit } from "../picture-source.ts";
import { personSource } from "./person-source.ts";
import { type JointSurvey, type JointsRecipe, type SurveyedPerson, surveyJoints } from "./survey-joints.ts";

/**
 * Opens a folder with joints; every person is an item. Throws a `ForelossError` that lists what is wrong with the labels,
 * unless the recipe says `skipBad`: then the persons concerned are left out and what is wrong stands in `skipped`.
 */
export async function openJoints(
  recipe: JointsRecipe,
  folder: string | null,
  options: OpenProgress & { readonly survey?: JointSurvey | undefined } = {},
): Promise<Dataset<PoseLabel>> {
  if (folder === null) {
    throw new ForelossError("joints: no data folder was given", { hint: "Name it with --data <folder>." });
  }
  const survey = options.survey ?? (await surveyJoints(folder, recipe, options));
  if (!recipe.skipBad) refuseJointFaults(survey, folder);
  const all = [...survey.train, ...(survey.test ?? [])];
  const heldOut = survey.test === null ? drawHeldOut(all, recipe) : new Set(survey.test);
  const files = all.map(({ picture, label }) => ({ file: path.join(folder, picture), label }));
  const source = personSource(files, recipe.sidePx);
  const split = (wanted: boolean) => {
    const numbers = Uint32Array.from(all.keys()).filter((number) => heldOut.has(all[number]!) === wanted);
    const persons = [...numbers].map((number) => all[number]!);
    requirePersons(persons, wanted ? "held-out" : "train", folder, survey);
    const ids = persons.map(({ id }) => id);
    const labels = persons.map(({ label }) => label);
    return { ...sourceSplit(source, numbers, ids, labels), groups: persons.map(({ picture }) => picture) };
  };
  const parts = { train: split(false), test: split(true) };
  return {
    name: path.basename(path.resolve(folder)),
    classNames: ["person"],
    skeleton: survey.skeleton,
    imageSize: source.imageSize,
    digest: jointsDigest(recipe, survey, all, parts.test.ids),
    ...parts,
    survey,
    skipped: [...survey.faults.map(faultLine), ...survey.passedOver],
    normalisation: imageNetNormalisation,
  };
}

/** Throws a `ForelossError` that lists what is wrong with the labels, where something is. */
export function refuseJointFaults({ faults }: JointSurvey, folder: string): void {
  if (faults.length === 0) return;
  throw new ForelossError(`${folder}: ${faultSummary(faults)}`, {
    hint: "Put them right, or leave these persons out with --skip-bad (in a recipe: dataset.skipBad).",
  });
}

function requirePersons(
  persons: readonly SurveyedPerson[],
  part: string,
  folder: string,
  { faults }: JointSurvey,
): void {
  if (persons.length > 0) return;
  const left = faults.length === 0 ? "" : `; left out: ${faultSummary(faults)}`;
  throw new ForelossError(`${folder}, ${part} part: no labelled person${left}`, {
    hint: "Which sets are trained on and held out can be said with dataset.trainSplit and dataset.testSplit.",
  });
}

/** A share of the pictures: persons of one picture stay together. */
function drawHeldOut(
  all: readonly SurveyedPerson[],
  { testShare, splitSeed }: JointsRecipe,
): ReadonlySet<SurveyedPerson> {
  const ids = [...new Set(all.map(({ picture }) => picture))];
  if (ids.length < 2) return new Set();
  const numbers = heldOutShare({ ids, labels: new Int32Array(ids.length) }, testShare, splitSeed);
  const heldOut = new Set([...numbers].map((number) => ids[number]!));
  return new Set(all.filter(({ picture }) => heldOut.has(picture)));
}

/** Files count with size and time of change, labels with their content. */
function jointsDigest(
  { sidePx }: JointsRecipe,
  { skeleton }: JointSurvey,
  all: readonly SurveyedPerson[],
  heldOut: readonly string[],
): string {
  const items = all.map(({ id, label, bytes, modifiedMs }) => [id, label, bytes, modifiedMs]);
  return digestOf([`${sidePx} persons`, skeleton.jointNames.join("\n"), JSON.stringify(items), heldOut.join("\n")]);
}
