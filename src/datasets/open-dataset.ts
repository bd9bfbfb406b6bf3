// Opens the data set a recipe names: one literal table from kind to reader.
import type { DetectionLabel, PoseLabel } from "../core/labels.ts";
import type { DatasetRecipe } from "../records/recipe-dataset.ts";
import { openBoxes } from "./boxes/open-boxes.ts";
import type { LookOptions } from "./check-pictures.ts";
import { openCifar10 } from "./cifar10.ts";
import type { Dataset, Survey } from "./dataset.ts";
import { openImageFolder } from "./image-folder.ts";
import { openJoints } from "./joints/open-joints.ts";
import { openMadeUp } from "./made-up/made-up.ts";
import { openMadeUpBoxes } from "./made-up/made-up-boxes.ts";
import { openMadeUpFigures } from "./made-up/made-up-figures.ts";

export interface OpenOptions extends LookOptions {
  /** Folder the data lies in (`--data`); null where none was given. */
  readonly dataFolder: string | null;
  /** What the same folder held when it was opened before; it is then not looked at again. */
  readonly survey?: Survey | undefined;
}

/** What a label of each kind is. */
interface LabelOfKind extends Record<DatasetRecipe["kind"], unknown> {
  cifar10: number;
  folder: number;
  "made-up": number;
  boxes: DetectionLabel;
  "made-up-boxes": DetectionLabel;
  joints: PoseLabel;
  "made-up-figures": PoseLabel;
}

type Kind = DatasetRecipe["kind"];
type RecipeOf<K extends Kind> = Extract<DatasetRecipe, { kind: K }>;

type Openers = {
  readonly [K in Kind]: (recipe: RecipeOf<K>, options: OpenOptions) => Promise<Dataset<LabelOfKind[K]>>;
};

const openers: Openers = {
  cifar10: (recipe, { dataFolder }) => openCifar10(recipe, dataFolder),
  "made-up": (recipe) => openMadeUp(recipe),
  folder: (recipe, { dataFolder, ...options }) =>
    openImageFolder(recipe, dataFolder, { ...options, survey: surveyOf("folder", options.survey) }),
  boxes: (recipe, { dataFolder, ...options }) =>
    openBoxes(recipe, dataFolder, { ...options, survey: surveyOf("boxes", options.survey) }),
  "made-up-boxes": (recipe) => openMadeUpBoxes(recipe),
  joints: (recipe, { dataFolder, ...options }) =>
    openJoints(recipe, dataFolder, { ...options, survey: surveyOf("joints", options.survey) }),
  "made-up-figures": (recipe) => openMadeUpFigures(recipe),
};

/** A survey of another kind of data set is none. */
function surveyOf<K extends Survey["kind"]>(
  kind: K,
  survey: Survey | undefined,
): Extract<Survey, { kind: K }> | undefined {
  return survey?.kind === kind ? (survey as Extract<Survey, { kind: K }>) : undefined;
}

/**
 * Opens a data set, whose labels are those of the recipe's kind. Throws a `ForelossError` when the folder or something in it
 * is missing or wrong.
 */
export async function openDataset<R extends DatasetRecipe>(
  recipe: R,
  options: OpenOptions,
): Promise<Dataset<LabelOfKind[R["kind"]]>> {
  const open = openers[recipe.kind] as (recipe: DatasetRecipe, options: OpenOptions) => Promise<Dataset<unknown>>;
  return (await open(recipe, options)) as Dataset<LabelOfKind[R["kind"]]>;
}
