// For tests: runs of the fake learner in a folder of their own.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recipe } from "../../../records/recipe.ts";
import type { Results } from "../../../records/results.ts";
import { carryOut } from "../carry-out.ts";
import type { RunOptions } from "../run-options.ts";
import { fakeDataset, fakeLearners, fakeRecipe, withoutTimes } from "./fake-run.ts";

export type Changes = Partial<RunOptions>;

export function runIn(folder: string, changes: Changes = {}, recipe: Recipe = fakeRecipe()): Promise<Results> {
  return carryOut(recipe, {
    folder,
    dataset: fakeDataset,
    createLearner: fakeLearners(),
    metric: "accuracy",
    engine: { name: "fake", version: "1", threads: 1 },
    foreloss: "0.0.0",
    command: "foreloss run fake",
    machine: "none",
    ...changes,
  });
}

export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), "foreloss-run-"));
  try {
    return await body(join(parent, "run"));
  } finally {
    await rm(parent, { recursive: true });
  }
}

export const uninterrupted = inFolder(async (folder) => withoutTimes(await runIn(folder)));

/** All paths in a folder, in alphabetical order. */
export async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}
