// Which part of a recipe one call carries out, how each arm is trained, and which arms share their first cycle.
import { UsageError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import type { ArmRecipe, Recipe } from "../../records/recipe.ts";
import type { LossPredictionRecipe } from "../../records/recipe-training.ts";
import type { LearnerTraining } from "../../training/learner-spec.ts";
import { trainingSteps } from "../../training/length.ts";

/** One arm with one seed: the cycles of a chain follow each other, chains are independent. */
export interface Chain {
  readonly arm: ArmRecipe;
  readonly seed: number;
}

/** How one arm is trained: what the recipe says for all with what the arm changes; null trains no module along. */
export function trainingOf({ training }: Recipe, arm: ArmRecipe): LearnerTraining {
  const { lossPrediction: change } = arm;
  const changed = typeof change === "boolean" ? training.lossPrediction : merged(training.lossPrediction, change);
  const { members } = arm;
  return {
    ...training,
    start: arm.start ?? training.start,
    lossPrediction: change === false ? null : changed,
    ...(members !== undefined && { members }),
  };
}

function merged(common: LossPredictionRecipe, change: Exclude<ArmRecipe["lossPrediction"], boolean>) {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...common, ...Object.fromEntries(given) };
}

/**
 * The chains asked for, seed by seed in the recipe's order, so that the arms of a seed can be compared early.
 * Throws a `UsageError` for an arm or seed the recipe does not have.
 */
export function chainsOf(recipe: Recipe, armNames?: readonly string[], seeds?: readonly number[]): Chain[] {
  const known = recipe.arms.map((arm) => arm.name);
  const strange = armNames?.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new UsageError(`arms: recipe "${recipe.name}" has no arm "${strange}"${didYouMean(strange, known)}`);
  const other = seeds?.find((seed) => !recipe.seeds.includes(seed));
  if (other !== undefined)
    throw new UsageError(`seeds: recipe "${recipe.name}" has no seed ${other}; allowed: ${recipe.seeds.join(", ")}`);
  const arms = recipe.arms.filter((arm) => armNames?.includes(arm.name) ?? true);
  const chosen = [...new Set(recipe.seeds)].filter((seed) => seeds?.includes(seed) ?? true);
  return chosen.flatMap((seed) => arms.map((arm) => ({ arm, seed })));
}

/**
 * Arms, two or more, that are trained alike: with one seed their first cycle starts from the same weights on the same
 * items, so it is the same training bit for bit, and is carried out once. Whatever portion is asked for, the groups are
 * those of the whole recipe.
 */
export function sharedFirstCycles(recipe: Recipe): string[][] {
  const groups = new Map<string, string[]>();
  for (const arm of recipe.arms) {
    const key = JSON.stringify(trainingOf(recipe, arm));
    groups.set(key, [...(groups.get(key) ?? []), arm.name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

/** Training steps of an arm's cycle, those of all its members, when the pool gives all the labels asked for. */
export function expectedSteps({ training, labelling }: Recipe, { members = 1 }: ArmRecipe, cycle: number): number {
  const labels = labelling.initial + cycle * labelling.perCycle;
  return members * trainingSteps(training, labels, labelling.initial);
}
