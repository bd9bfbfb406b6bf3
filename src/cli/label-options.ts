// How labels of boxes and joints are read, from the command line: for this time the same as `dataset.format` and
// `dataset.skipBad` in a recipe.
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { boxesSchema, jointsSchema, type Recipe } from "../records/recipe.ts";

export interface LabelOptions {
  readonly format?: string;
  readonly skipBad?: boolean;
}

const formats = { boxes: boxesSchema.shape.format.unwrap(), joints: jointsSchema.shape.format.unwrap() };

export function addLabelOptions(command: Command): Command {
  return addSkipBadOption(
    command.option("--format <name>", "format of the labels, where a folder holds several: voc, coco, yolo, lsp, mpii"),
  );
}

export function addSkipBadOption(command: Command): Command {
  return command.option(
    "--skip-bad",
    "leave out pictures whose boxes (or persons whose joints) are wrong, and list them, instead of stopping",
  );
}

/** The recipe with the options in it. Throws a `UsageError` where its data has neither boxes nor joints, or not in this format. */
export function withLabelOptions(recipe: Recipe, { format, skipBad }: LabelOptions): Recipe {
  const { dataset } = recipe;
  if (format === undefined && !skipBad) return recipe;
  if (dataset.kind !== "boxes" && dataset.kind !== "joints") {
    throw new UsageError(
      `${skipBad ? "--skip-bad" : "--format"}: "${recipe.name}" has a data set of the kind "${dataset.kind}", not "boxes" or "joints"`,
    );
  }
  const changed = { ...dataset, ...(skipBad ? { skipBad } : {}), ...(format === undefined ? {} : { format }) };
  const { options } = formats[dataset.kind];
  if (format !== undefined && !options.some((known) => known === format)) {
    throw new UsageError(
      `--format: ${dataset.kind} have no format "${format}"${didYouMean(format, options)}; needs ${options.join(", ")}`,
    );
  }
  return { ...recipe, dataset: changed as Recipe["dataset"] };
}
