// A user's folder of pictures with boxes as a data set. Nothing is ever written into the folder.
import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import type { DetectionLabel } from "../../core/labels.ts";
import type { OpenProgress } from "../check-pictures.ts";
import type { Dataset } from "../dataset.ts";
import { digestOf } from "../digest.ts";
import { heldOutShare } from "../held-out-share.ts";
import { faultLine, faultSummary } from "../label-folder/fault-summary.ts";
import { imageNetNormalisation, pictureSource, sourceSplit } from "../picture-source.ts";
import { type BoxesRecipe, type BoxPicture, type BoxSurvey, surveyBoxes } from "./survey-boxes.ts";

/**
 * Opens a folder with boxes. Throws a `ForelossError` that lists what is wrong with the labels, unless the recipe says
 * `skipBad`: then the pictures concerned are left out and what is wrong stands in `skipped`.
 */
export async function openBoxes(
  recipe: BoxesRecipe,
  folder: string | null,
  options: OpenProgress & { readonly survey?: BoxSurvey | undefined } = {},
): Promise<Dataset<DetectionLabel>> {
  if (folder === null) {
    throw new ForelossError("boxes: no data folder was given", { hint: "Name it with --data <folder>." });
  }
  const survey = options.survey ?? (await surveyBoxes(folder, recipe, options));
  if (!recipe.skipBad) refuseFaults(survey, folder);
  const all = [...survey.train, ...(survey.test ?? [])];
  const heldOut = survey.test === null ? drawHeldOut(all, recipe) : isFrom(survey.train.length);
  const source = pictureSource(
    all.map(({ id }) => path.join(folder, id)),
    { sidePx: recipe.sidePx, resize: "warp" },
  );
  const split = (wanted: boolean) => {
    const numbers = Uint32Array.from(all.keys()).filter((number) => heldOut(number) === wanted);
    const pictures = [...numbers].map((number) => all[number]!);
    requireObjects(pictures, wanted ? "held-out" : "train", folder, survey);
    return sourceSplit(
      source,
      numbers,
      pictures.map(({ id }) => id),
      pictures.map(({ label }) => label),
    );
  };
  const parts = { train: split(false), test: split(true) };
  return {
    name: path.basename(path.resolve(folder)),
    classNames: survey.classNames,
    imageSize: source.imageSize,
    digest: boxesDigest(recipe, survey.classNames, all, parts.test.ids),
    ...parts,
    survey,
    skipped: [...survey.faults.map(faultLine), ...survey.passedOver],
    normalisation: imageNetNormalisation,
  };
}

/** Throws a `ForelossError` with the first faults and their number by kind, where there are any. */
export function refuseFaults({ faults, format }: BoxSurvey, folder: string): void {
  if (faults.length === 0) return;
  throw new ForelossError(`${folder}: ${faultSummary(faults)}`, { hint: faultHint(faults, format) });
}

function faultHint(faults: BoxSurvey["faults"], format: BoxSurvey["format"]): string {
  const fromZero =
    format === "voc" && faults.some(({ kind, what }) => kind === "outside" && /\(-1, |, -1, /.test(what));
  const origin =
    "The tool that wrote these may count pixels from 0: then say so (dataset.vocOrigin in a recipe, --voc-origin in foreloss convert). ";
  return `${fromZero ? origin : ""}Put them right, or leave these pictures out with --skip-bad (in a recipe: dataset.skipBad).`;
}

/** Training and testing need pictures, and at least one object among them. */
function requireObjects(pictures: readonly BoxPicture[], part: string, folder: string, survey: BoxSurvey): void {
  if (pictures.some(({ label }) => label.objects.length > 0)) return;
  const found = `${pictures.length} labelled pictures without an object`;
  const left = survey.faults.length === 0 ? "" : `; left out: ${faultSummary(survey.faults)}`;
  throw new ForelossError(`${folder}, ${part} part: ${pictures.length === 0 ? "no labelled picture" : found}${left}`, {
    hint: "Which sets are trained on and held out can be said with dataset.trainSplit and dataset.testSplit.",
  });
}

/** The share is of all pictures alike: how many classes a picture shows may change while it is being labelled. */
function drawHeldOut(all: readonly BoxPicture[], { testShare, splitSeed }: BoxesRecipe): (number: number) => boolean {
  const pictures = { ids: all.map(({ id }) => id), labels: new Int32Array(all.length) };
  const heldOut = heldOutShare(pictures, testShare, splitSeed);
  return (number) => heldOut.has(number);
}

function isFrom(first: number): (number: number) => boolean {
  return (number) => number >= first;
}

/** Files count with size and time of change, labels with their content. */
function boxesDigest(
  { sidePx }: BoxesRecipe,
  classNames: readonly string[],
  all: readonly BoxPicture[],
  heldOut: readonly string[],
): string {
  const files = all.map((picture) => [picture.id, picture.label, picture.bytes, picture.modifiedMs]);
  return digestOf([`${sidePx} warp`, classNames.join("\n"), JSON.stringify(files), heldOut.join("\n")]);
}
