// The made-up data set with boxes: scenes of several shapes drawn from a seed, one large easy mode and several rare hard
// ones. The test set holds all modes equally often.
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import type { DatasetRecipe } from "../../records/recipe-dataset.ts";
import type { Dataset } from "../dataset.ts";
import { boxClassNames, boxModeNames, commonClasses, composeBoxes } from "./compose-boxes.ts";
import { drawSet } from "./draw-set.ts";
import type { Scene } from "./scene.ts";

type MadeUpBoxesRecipe = Extract<DatasetRecipe, { kind: "made-up-boxes" }>;

/** Draws the data set: the same recipe always gives the same bytes. */
export async function openMadeUpBoxes(recipe: MadeUpBoxesRecipe): Promise<Dataset<DetectionLabel>> {
  const { seed, sidePx } = recipe;
  return drawSet({
    name: "made-up-boxes",
    ...{ seed, sidePx, sizes: recipe },
    classNames: boxClassNames,
    modeNames: boxModeNames,
    classes: commonClasses,
    compose: (classIndex, mode, random) => composeBoxes(classIndex, mode, sidePx, random),
    label: labelOf,
    pack: (labels) => labels,
  });
}

/** The boxes of whole shapes, also where something hides a part of them. */
function labelOf({ sidePx, objects }: Scene): DetectionLabel {
  const shown = objects.filter(({ classIndex }) => classIndex >= 0);
  return {
    size: { width: sidePx, height: sidePx },
    objects: shown.map(({ classIndex, box }): ObjectLabel => ({ classIndex, ...box })),
  };
}
