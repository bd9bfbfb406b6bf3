// The made-up data set with joints: an articulated figure in each picture, drawn from a seed, one large easy mode and several
// rare hard ones. The test set holds all modes equally often.
import type { PoseLabel } from "../../core/labels.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import type { DatasetRecipe } from "../../records/recipe-dataset.ts";
import type { Dataset } from "../dataset.ts";
import { wholePictureBox } from "../joints/labelled-person.ts";
import { composeFigure, type FigureScene, figureModeNames } from "./compose-figures.ts";
import { drawSet } from "./draw-set.ts";
import { figureBones, figureJointNames } from "./figure.ts";

type MadeUpFiguresRecipe = Extract<DatasetRecipe, { kind: "made-up-figures" }>;

/** Draws the data set: the same recipe always gives the same bytes. Pictures are the persons' crops as they are. */
export async function openMadeUpFigures(recipe: MadeUpFiguresRecipe): Promise<Dataset<PoseLabel>> {
  const { seed, sidePx } = recipe;
  return drawSet({
    name: "made-up-figures",
    ...{ seed, sidePx, sizes: recipe },
    classNames: ["person"],
    skeleton: skeletonOf(figureJointNames, figureBones, "made-up-figures"),
    modeNames: figureModeNames,
    classes: 1,
    compose: (_classIndex, mode, random) => composeFigure(mode, sidePx, random),
    label: labelOf,
    pack: (labels) => labels,
  });
}

function labelOf({ sidePx, joints }: FigureScene): PoseLabel {
  const size = { width: sidePx, height: sidePx };
  const [neck, top] = joints.slice(-2) as [FigureScene["joints"][number], FigureScene["joints"][number]];
  return { size, joints, box: wholePictureBox(size), headPx: Math.hypot(neck.x - top.x, neck.y - top.y) };
}
