// The made-up data set with joints: an articulated figure in each picture, drawn from a seed, one large easy mode and several
// rare hard ones. The test set holds all modes equally often.
import type { PoseLabel } from "../../core/labels.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import type { DatasetRecipe } from "../../records/recipe.ts";
import type { Dataset } from "../dataset.ts";
import { wholePictureBox } from "../joints/labelled-person.ts";
import { digestInMemory, memorySplit } from "../memory-split.ts";
import { composeFigure, type FigureModeName, type FigureScene, figureModeNames } from "./compose-figures.ts";
import { type DrawnPart, drawPart, meanAndDeviation, testModes, trainingModes } from "./draw-part.ts";
import { figureBones, figureJointNames } from "./figure.ts";

type MadeUpFiguresRecipe = Extract<DatasetRecipe, { kind: "made-up-figures" }>;

/** Draws the data set: the same recipe always gives the same bytes. Pictures are the persons' crops as they are. */
export async function openMadeUpFigures(recipe: MadeUpFiguresRecipe): Promise<Dataset<PoseLabel>> {
  const { sidePx } = recipe;
  const imageSize = { width: sidePx, height: sidePx, channels: 3 } as const;
  const train = draw("train", trainingModes(figureModeNames, recipe.train), recipe);
  const test = draw("test", testModes(figureModeNames, recipe.test), recipe);
  const classNames = ["person"];
  return {
    name: "made-up-figures",
    classNames,
    skeleton: skeletonOf(figureJointNames, figureBones, "made-up-figures"),
    imageSize,
    digest: digestInMemory(classNames, [train, test]),
    train: memorySplit(train, imageSize),
    test: memorySplit(test, imageSize),
    skipped: [],
    normalisation: meanAndDeviation(train.pixels, sidePx),
  };
}

function draw(
  part: "train" | "test",
  modes: readonly FigureModeName[],
  { seed, sidePx }: MadeUpFiguresRecipe,
): DrawnPart<FigureModeName, PoseLabel> {
  return drawPart({
    name: "made-up-figures",
    ...{ part, seed, sidePx, modes },
    modeNames: figureModeNames,
    classes: 1,
    compose: (_classIndex, mode, random) => composeFigure(mode, sidePx, random),
    label: labelOf,
  });
}

function labelOf({ sidePx, joints }: FigureScene): PoseLabel {
  const size = { width: sidePx, height: sidePx };
  const [neck, top] = joints.slice(-2) as [FigureScene["joints"][number], FigureScene["joints"][number]];
  return { size, joints, box: wholePictureBox(size), headPx: Math.hypot(neck.x - top.x, neck.y - top.y) };
}
