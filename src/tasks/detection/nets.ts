// The detectors that a recipe can name, each with the priors that its maps have.
import { ForelossError } from "../../core/errors.ts";
import { ssdResNet, ssdResNetCellsPerSide } from "../../models/ssd-resnet.ts";
import { ssd300 } from "../../models/ssd300.ts";
import type { ModelRecipe } from "../../records/recipe-model.ts";
import { createPriors, priorsPerCell, spacedMaps, ssd300Maps, ssd300SidePx } from "./priors.ts";
import type { DetectionOptions } from "./task.ts";

type NetAndPriors = Pick<DetectionOptions, "net" | "priors">;
type RecipeOf<K extends ModelRecipe["kind"]> = Extract<ModelRecipe, { kind: K }>;

interface PictureSides {
  readonly width: number;
  readonly height: number;
}

/** Throws a `ForelossError` for pictures that are not square. */
export function ssdResNetAndPriors(
  recipe: RecipeOf<"ssd-resnet18">,
  classes: number,
  { width: sidePx, height }: PictureSides,
): NetAndPriors {
  if (sidePx !== height) throw unfit(recipe, `square pictures, the data gives ${sidePx} x ${height}`);
  const { width, stemStride, extraMaps, smallestPrior, largestPrior, priorRatios: ratios } = recipe;
  const cells = ssdResNetCellsPerSide(sidePx, { stemStride, extraMaps });
  const maps = spacedMaps({ sidePx, cells, smallest: smallestPrior, largest: largestPrior, ratios });
  const net = { stemStride, extraMaps, priorsPerCell: priorsPerCell(maps[0]!), dropout: recipe.dropout?.share ?? 0 };
  const shape = { classes, width, ...net };
  return { priors: createPriors(sidePx, maps), net: (builder, pictures) => ssdResNet(builder, pictures, shape) };
}

/** Throws a `ForelossError` for pictures of another size than 300 x 300. */
export function ssd300AndPriors(
  recipe: RecipeOf<"ssd300-vgg16">,
  classes: number,
  { width, height }: PictureSides,
): NetAndPriors {
  const side = ssd300SidePx;
  if (width !== side || height !== side) {
    throw unfit(recipe, `pictures of ${side} x ${side}, the data gives ${width} x ${height}`);
  }
  const perCell = ssd300Maps.map(priorsPerCell);
  const shape = { classes, width: recipe.width, priorsPerCell: perCell, dropout: recipe.dropout?.share ?? 0 };
  return { priors: createPriors(side, ssd300Maps), net: (builder, pictures) => ssd300(builder, pictures, shape) };
}

function unfit({ kind }: ModelRecipe, needs: string): ForelossError {
  return new ForelossError(`model "${kind}": needs ${needs}`, { hint: "Set dataset.sidePx in the recipe." });
}
