// `--skip-bad`: for this time the same as `dataset.skipBad` in a recipe.
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import type { Recipe } from "../records/recipe.ts";

export function addSkipBadOption(command: Command): Command {
  return command.option("--skip-bad", "leave out pictures whose boxes are wrong, and list them, instead of stopping");
}

/** The recipe with the option in it. Throws a `UsageError` where its data has no boxes. */
export function withSkipBad(recipe: Recipe, skipBad: boolean | undefined): Recipe {
  const { dataset } = recipe;
  if (!skipBad) return recipe;
  if (dataset.kind === "boxes") return { ...recipe, dataset: { ...dataset, skipBad: true } };
  throw new UsageError(`--skip-bad: "${recipe.name}" has a data set of the kind "${dataset.kind}", not "boxes"`);
}
