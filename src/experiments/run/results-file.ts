// `results.json`: the figures of every cycle that is finished so far, in the recipe's order whatever came first.
import type { CycleLine } from "../../records/cycle-line.ts";
import type { Session } from "../../records/manifest.ts";
import type { ArmRecipe, Recipe } from "../../records/recipe.ts";
import type { ArmResult, CycleRecord, Results } from "../../records/results.ts";
import { compareArms } from "../compare.ts";
import type { CycleLog } from "./cycle-log.ts";
import { trainingOf } from "./portion.ts";

/** The figures of a run. `complete`: nothing the recipe asks for is missing. */
export function resultsOf(
  recipe: Recipe,
  about: Pick<Results, "dataset" | "engine" | "metric">,
  log: CycleLog,
  sessions: readonly Session[],
  complete: boolean,
): Results {
  const arms = recipe.arms.map((arm) => armResult(recipe, arm, log)).filter(({ seeds }) => seeds.length > 0);
  return {
    version: 1,
    name: recipe.name,
    task: recipe.task,
    ...about,
    arms,
    comparison: compareArms(arms),
    provenance: {
      foreloss: different(
        sessions.map(({ foreloss }) => foreloss),
        ", ",
      ),
      command: different(
        sessions.map(({ command }) => command),
        "; ",
      ),
      machine: different(
        sessions.map(({ machine }) => machine),
        "; ",
      ),
      started: sessions[0]?.started ?? "",
      finished: complete ? (sessions.at(-1)?.ended ?? null) : null,
      recipe,
    },
  };
}

/** All values that occur: a run may be taken up by another command or on another machine. */
function different(values: readonly string[], separator: string): string {
  return [...new Set(values)].join(separator);
}

function armResult(recipe: Recipe, arm: ArmRecipe, log: CycleLog): ArmResult {
  const { lossPrediction, start, members } = trainingOf(recipe, arm);
  const seeds = [...new Set(recipe.seeds)].map((seed) => ({ seed, cycles: log.of(arm.name, seed).map(recordOf) }));
  return {
    name: arm.name,
    strategy: arm.strategy,
    lossPrediction: lossPrediction?.loss ?? "none",
    start,
    ...(members !== undefined && { members }),
    seeds: seeds.filter(({ cycles }) => cycles.length > 0),
  };
}

export function recordOf({ arm: _arm, seed: _seed, initial: _initial, ...record }: CycleLine): CycleRecord {
  return record;
}
