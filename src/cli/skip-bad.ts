// `--skip-bad`: for this time the same as `dataset.skipBad` in a recipe.
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import type { Recipe } from "../records/recipe.ts";

export function addSkipBadOption(command: Command): Command {
  return command.option(
    "--skip-bad",
    "leave out pictures whose boxes (or persons whose joints) are wrong, and list them, instead of stopping",
  );
}

/** The recipe with the option in it. Throws a `UsageError` where its data has neither boxes nor joints. */
export function withSkipBad(recipe: Recipe, skipBad: boolean | undefined): Recipe {
  const { dataset } = recipe;
  if (!skipBad) return recipe;
  if (dataset.kind === "boxes" || dataset.kind === "joints") {
    return { ...recipe, dataset: { ...dataset, skipBad: true } };
  }
  throw new UsageError(
    `--skip-bad: "${recipe.name}" has a data set of the kind "${dataset.kind}", not "boxes" or "joints"`,
  );
}
