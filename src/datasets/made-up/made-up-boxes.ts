// The made-up data set with boxes: scenes of several shapes drawn from a seed, one large easy mode and several rare hard
// ones. The test set holds all modes equally often.
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import type { DatasetRecipe } from "../../records/recipe.ts";
import type { Dataset } from "../dataset.ts";
import { digestInMemory, memorySplit } from "../memory-split.ts";
import { type BoxModeName, boxClassNames, boxModeNames, commonClasses, composeBoxes } from "./compose-boxes.ts";
import { type DrawnPart, drawPart, meanAndDeviation, testModes, trainingModes } from "./draw-part.ts";
import type { Scene } from "./scene.ts";

type MadeUpBoxesRecipe = Extract<DatasetRecipe, { kind: "made-up-boxes" }>;
type Part = DrawnPart<BoxModeName, DetectionLabel>;

/** Draws the data set: the same recipe always gives the same bytes. */
export async function openMadeUpBoxes(recipe: MadeUpBoxesRecipe): Promise<Dataset<DetectionLabel>> {
  const { sidePx } = recipe;
  const imageSize = { width: sidePx, height: sidePx, channels: 3 } as const;
  const train = draw("train", trainingModes(boxModeNames, recipe.train), recipe);
  const test = draw("test", testModes(boxModeNames, recipe.test), recipe);
  return {
    name: "made-up-boxes",
    classNames: boxClassNames,
    imageSize,
    digest: digestInMemory(boxClassNames, [train, test]),
    train: memorySplit(train, imageSize),
    test: memorySplit(test, imageSize),
    skipped: [],
    normalisation: meanAndDeviation(train.pixels, sidePx),
  };
}

function draw(part: "train" | "test", modes: readonly BoxModeName[], { seed, sidePx }: MadeUpBoxesRecipe): Part {
  return drawPart({
    name: "made-up-boxes",
    part,
    seed,
    sidePx,
    modeNames: boxModeNames,
    modes,
    classes: commonClasses,
    compose: (classIndex, mode, random) => composeBoxes(classIndex, mode, sidePx, random),
    label: labelOf,
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
