// A recipe carried out over its arms and seeds, in a folder where a run that was stopped or killed goes on. What is
// finished stands in `cycles.jsonl`; everything else in the folder follows from it.
import { refuseLargeGroups } from "../../loop/item-groups.ts";
import type { Recipe } from "../../records/recipe.ts";
import type { Results } from "../../records/results.ts";
import { strategyNamed } from "../../strategies/index.ts";
import { openCycleLog } from "./cycle-log.ts";
import { earlierSessions, identityOf } from "./manifest-file.ts";
import { pictureGroups } from "./picture-groups.ts";
import { chainsOf } from "./portion.ts";
import { takeRunFolder } from "./run-folder.ts";
import type { RunOptions } from "./run-options.ts";
import { carryOutSession } from "./session.ts";

/**
 * Carries out what is not finished yet and gives the results of all that is. They are also in `results.json`, written
 * whatever way this ends. Throws an `InterruptedError` after an abort, a `ForelossError` when an arm failed (the others are
 * finished first), when the folder is used by another process, or holds another run; a `UsageError` for an unknown arm
 * or seed.
 */
export async function carryOut(recipe: Recipe, options: RunOptions): Promise<Results> {
  const chains = chainsOf(recipe, options.armNames, options.seeds);
  for (const arm of recipe.arms) strategyNamed(arm.strategy); // an unknown one is told before anything is done
  const groupOf = pictureGroups(recipe, options.dataset);
  if (groupOf !== undefined) refuseLargeGroups(recipe.labelling, options.dataset.train.ids, groupOf);
  const folder = await takeRunFolder(options.folder, recipe, options.fresh ?? false);
  try {
    const sessions = await earlierSessions(folder.manifest, identityOf(recipe, options));
    const log = await openCycleLog(folder.cycles);
    try {
      return await carryOutSession({ recipe, options, chains, folder, log }, sessions);
    } finally {
      await log.close();
    }
  } finally {
    await folder.release();
  }
}
