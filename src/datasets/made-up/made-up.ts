// The made-up data set: pictures of shapes drawn from a seed, with one large easy mode and several rare hard ones, so
// that what one labels matters. The test set holds all modes and classes equally often.
import type { DatasetRecipe } from "../../records/recipe.ts";
import type { Dataset, ImageSize } from "../dataset.ts";
import { digestInMemory, memorySplit, type PicturesInMemory } from "../memory-split.ts";
import { composeScene, type ModeName, modeNames, sidePx } from "./compose.ts";
import { drawPart, meanAndDeviation, testModes, trainingModes } from "./draw-part.ts";
import { classNames } from "./shapes.ts";

type MadeUpRecipe = Extract<DatasetRecipe, { kind: "made-up" }>;

const imageSize: ImageSize = { width: sidePx, height: sidePx, channels: 3 };

/** Draws the data set: the same recipe always gives the same bytes. */
export async function openMadeUp(recipe: MadeUpRecipe): Promise<Dataset> {
  const train = draw("train", trainingModes(modeNames, recipe.train), recipe.seed);
  const test = draw("test", testModes(modeNames, recipe.test), recipe.seed);
  return {
    name: "made-up",
    classNames,
    imageSize,
    digest: digestInMemory(classNames, [train, test]),
    train: memorySplit(train, imageSize),
    test: memorySplit(test, imageSize),
    skipped: [],
    normalisation: meanAndDeviation(train.pixels, sidePx),
  };
}

function draw(part: "train" | "test", modes: readonly ModeName[], seed: number): PicturesInMemory {
  const plan = { name: "made-up", part, seed, sidePx, modeNames, modes, classes: classNames.length } as const;
  const drawn = drawPart({ ...plan, compose: composeScene, label: (_, classIndex) => classIndex });
  return { ...drawn, labels: Int32Array.from(drawn.labels) };
}
