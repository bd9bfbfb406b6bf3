// The made-up data set: pictures of shapes drawn from a seed, with one large easy mode and several rare hard ones, so
// that what one labels matters. The test set holds all modes and classes equally often.
import type { DatasetRecipe } from "../../records/recipe-dataset.ts";
import type { Dataset } from "../dataset.ts";
import { composeScene, modeNames, sidePx } from "./compose.ts";
import { drawSet } from "./draw-set.ts";
import { classNames } from "./shapes.ts";

type MadeUpRecipe = Extract<DatasetRecipe, { kind: "made-up" }>;

/** Draws the data set: the same recipe always gives the same bytes. */
export async function openMadeUp(recipe: MadeUpRecipe): Promise<Dataset> {
  return drawSet({
    name: "made-up",
    ...{ seed: recipe.seed, sidePx, sizes: recipe },
    classNames,
    modeNames,
    classes: classNames.length,
    compose: composeScene,
    label: (_scene, classIndex) => classIndex,
    pack: (labels) => Int32Array.from(labels),
  });
}
