// How labels of boxes and joints are read, from the command line: for this time the same as `dataset.format` and
// `dataset.skipBad` in a recipe.
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import type { PersonBoxes } from "../datasets/index.ts";
import type { Recipe } from "../records/recipe.ts";
import { boxesSchema, jointsSchema } from "../records/recipe-dataset.ts";

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

/** Options of the boxes that persons are cut out by. */
export interface PersonBoxesOptions extends LabelOptions {
  readonly boxes?: string;
}

export function addPersonBoxesOptions(command: Command): Command {
  return command
    .option("--boxes <file or folder>", "boxes of the persons, for a model of poses: each is an item then")
    .option("--format <name>", "format of the boxes, where a folder holds several: voc, coco, yolo")
    .option("--skip-bad", "leave out persons whose boxes are wrong, and list them, instead of stopping");
}

/** Undefined without --boxes. Throws a `UsageError` for an unknown format, and for options that say how to read no boxes. */
export function personBoxesOf({
  boxes,
  format = "auto",
  skipBad = false,
}: PersonBoxesOptions): PersonBoxes | undefined {
  if (boxes !== undefined) return { boxes, format: requireFormat("boxes", format), skipBad };
  if (format === "auto" && !skipBad) return undefined;
  throw new UsageError(
    `${skipBad ? "--skip-bad" : "--format"}: says how boxes are read, and there are none; add --boxes`,
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
  if (format !== undefined) requireFormat(dataset.kind, format);
  return { ...recipe, dataset: changed as Recipe["dataset"] };
}

function requireFormat<K extends keyof typeof formats>(
  kind: K,
  format: string,
): (typeof formats)[K]["options"][number] {
  const { options } = formats[kind];
  const known = options.find((option) => option === format);
  if (known !== undefined) return known;
  throw new UsageError(
    `--format: ${kind} have no format "${format}"${didYouMean(format, options)}; needs ${options.join(", ")}`,
  );
}
