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

type Openers = {
  readonly [K in DatasetRecipe["kind"]]: (
    recipe: Extract<DatasetRecipe, { kind: K }>,
    options: OpenOptions,
  ) => Promise<Dataset>;
};

const openers: Openers = {
  cifar10: (recipe, { dataFolder }) => openCifar10(recipe, dataFolder),
  "made-up": (recipe) => openMadeUp(recipe),
  folder: (recipe, { dataFolder, ...options }) => openImageFolder(recipe, dataFolder, options),
};

/** Opens a data set. Throws a `ForelossError` when the folder or something in it is missing or wrong. */
export async function openDataset(recipe: DatasetRecipe, options: OpenOptions): Promise<Dataset> {
  const open = openers[recipe.kind] as (recipe: DatasetRecipe, options: OpenOptions) => Promise<Dataset>;
  return await open(recipe, options);
}
