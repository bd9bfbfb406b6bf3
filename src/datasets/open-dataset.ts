// Opens the data set a recipe names: one literal table from kind to reader.
import type { DatasetRecipe } from "../records/recipe.ts";
import type { FolderSurvey, OpenProgress } from "./check-pictures.ts";
import { openCifar10 } from "./cifar10.ts";
import type { Dataset } from "./dataset.ts";
import { openImageFolder } from "./image-folder.ts";
import { openMadeUp } from "./made-up/made-up.ts";

export interface OpenOptions extends OpenProgress {
  /** Folder the data lies in (`--data`); null where none was given. */
  readonly dataFolder: string | null;
  /** What the same folder held when it was opened before; it is then not looked at again. */
  readonly survey?: FolderSurvey | undefined;
}

/** What a label is, for each kind of data set. */
interface Labels {
  cifar10: number;
  folder: number;
  "made-up": number;
}

type Kind = DatasetRecipe["kind"];
type Openers = {
  readonly [K in Kind]: (
    recipe: Extract<DatasetRecipe, { kind: K }>,
    options: OpenOptions,
  ) => Promise<Dataset<Labels[K]>>;
};

const openers: Openers = {
  cifar10: (recipe, { dataFolder }) => openCifar10(recipe, dataFolder),
  "made-up": (recipe) => openMadeUp(recipe),
  folder: (recipe, { dataFolder, ...options }) => openImageFolder(recipe, dataFolder, options),
};

/** Opens a data set. Throws a `ForelossError` when the folder or something in it is missing or wrong. */
export async function openDataset<R extends DatasetRecipe>(
  recipe: R,
  options: OpenOptions,
): Promise<Dataset<Labels[R["kind"]]>> {
  const open = openers[recipe.kind] as (recipe: R, options: OpenOptions) => Promise<Dataset<Labels[R["kind"]]>>;
  return await open(recipe, options);
}
