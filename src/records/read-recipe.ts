// From a file to a checked recipe. All problems are told at once, one per line, each with the file, the field, the value
// and what is allowed. Records know no strategies, so the caller says which there are.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { ForelossError, UsageError } from "../core/errors.ts";
import type { PoolSignal } from "../core/signals.ts";
import { nearest } from "../core/suggest.ts";
import { describeProblems } from "./describe-problems.ts";
import { parseJson } from "./parse-json.ts";
import { type Recipe, recipeSchema } from "./recipe.ts";
import { withTaskDefaults } from "./recipe-task.ts";

export interface RecipeOptions {
  /** Finds a strategy, or throws a `ForelossError` that says which there are; without it arms' strategies are not checked. */
  readonly strategyNamed?: (name: string) => { readonly needs: readonly PoolSignal[] };
  /** Folders in which a recipe may be named without its folder and `.json`. */
  readonly folders?: readonly string[];
}

/** Reads and checks the recipe at `path`. Throws a `UsageError` when there is none and a `ForelossError` when it is wrong. */
export async function readRecipe(path: string, options: RecipeOptions = {}): Promise<Recipe> {
  const file = await findRecipe(path, options.folders ?? []);
  return parseRecipe(parseJson(await readFile(file, "utf8"), file), file, options);
}

/** Checks a recipe that was read as JSON. `where` opens every line of the error message. */
export function parseRecipe(value: unknown, where: string, options: RecipeOptions = {}): Recipe {
  const recent = withTaskDefaults(migrate(value, where));
  const parsed = recipeSchema.safeParse(recent);
  const problems = [
    ...(parsed.success ? [] : describeProblems(recipeSchema, recent, parsed.error)),
    ...firstBatchProblems(recent, options),
    ...armProblems(recent, options),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new ForelossError(problems.map((line) => `${where}: ${line}`).join("\n"));
  }
  return parsed.data;
}

const currentVersion = 1;

/** Steps from one version to the next: the first makes version 2 of version 1. A new version adds its step here. */
const migrations: readonly ((older: object) => object)[] = [];

function migrate(value: unknown, where: string): unknown {
  if (typeof value !== "object" || value === null || !("version" in value)) return value;
  const { version } = value;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) return value;
  if (version > currentVersion) {
    throw new ForelossError(`${where}: version: ${version} is newer than this Foreloss reads (${currentVersion})`, {
      hint: "npm install foreloss@latest",
    });
  }
  return migrations.slice(version - 1).reduce<object>((older, step) => step(older), value);
}

/** What is wrong with the strategy of the first batch: there is no trained model yet that could say more than an embedding. */
function firstBatchProblems(value: unknown, { strategyNamed }: RecipeOptions): string[] {
  const name = writtenFirst.safeParse(value).data?.labelling.initialStrategy;
  if (name === undefined || strategyNamed === undefined) return [];
  const strategy = orComplaint(() => strategyNamed(name));
  if (strategy instanceof ForelossError) return [`labelling.initialStrategy: ${strategy.message}`];
  const lacking = strategy.needs.filter((need) => need !== "embedding");
  if (lacking.length === 0) return [];
  return [
    `labelling.initialStrategy: "${name}" goes by ${lacking.join(", ")}, which says nothing before the first training; needs one that goes by embedding or by nothing, e.g. random, k-means, typiclust`,
  ];
}

const writtenFirst = z.object({ labelling: z.object({ initialStrategy: z.string() }) });

/** What is wrong between arms and strategies. Looks at the recipe as it was written, so that it can be told with the rest. */
function armProblems(value: unknown, { strategyNamed }: RecipeOptions): string[] {
  const written = writtenArms.safeParse(value);
  if (!written.success || strategyNamed === undefined) return [];
  const { arms, model } = written.data;
  return arms.flatMap((arm, i) => {
    const { strategy: name } = arm;
    if (typeof name !== "string") return [];
    const strategy = orComplaint(() => strategyNamed(name));
    if (strategy instanceof ForelossError) return [`arms[${i}].strategy: ${strategy.message}`];
    return lacks({ ...arm, name, needs: strategy.needs }, model.dropout !== undefined).map(
      ([field, problem]) => `arms[${i}].${field}: ${problem}`,
    );
  });
}

interface WrittenArm {
  readonly name: string;
  readonly needs: readonly PoolSignal[];
  readonly lossPrediction?: unknown;
  readonly members?: unknown;
}

/** Fields of an arm with what its strategy misses in them. Members that no strategy looks at would only cost time. */
function lacks({ name, needs, lossPrediction = false, members }: WrittenArm, hasPasses: boolean): [string, string][] {
  const comparesMembers = needs.includes("memberProbabilities");
  const found: [boolean, string, string][] = [
    [
      needs.includes("predictedLoss") && lossPrediction === false,
      "lossPrediction",
      `false is not allowed with "${name}", which needs the module; needs true or { ... }`,
    ],
    [
      comparesMembers && members === undefined && !hasPasses,
      "strategy",
      `"${name}" compares several members; needs "members" in the arm, e.g. 5, or passes with dropout, e.g. model.dropout { "share": 0.5 }`,
    ],
    [
      members !== undefined && !comparesMembers && needs.length > 0,
      "members",
      `"${name}" goes by one model and would choose the same without; needs a strategy that compares members, e.g. bald, or random as its control`,
    ],
  ];
  return found.filter(([wrong]) => wrong).map(([, field, problem]) => [field, problem]);
}

function orComplaint<T>(make: () => T): T | ForelossError {
  try {
    return make();
  } catch (error) {
    if (error instanceof ForelossError) return error;
    throw error;
  }
}

const writtenArms = z.object({
  model: z.object({ dropout: z.unknown() }).partial().catch({}).default({}),
  arms: z.array(z.object({ strategy: z.unknown(), lossPrediction: z.unknown(), members: z.unknown() }).partial()),
});

/** The file `path` means: itself, or a recipe of that name in one of `folders`. */
async function findRecipe(path: string, folders: readonly string[]): Promise<string> {
  const named = folders.flatMap((folder) => [join(folder, path), join(folder, `${path}.json`)]);
  for (const candidate of [path, ...named]) {
    if (extname(candidate) === ".json" && (await isFile(candidate))) return candidate;
  }
  if (await isFile(path)) throw new UsageError(`${path}: not a recipe; a recipe is a file that ends with .json`);
  throw await noSuchRecipe(path, folders);
}

/** Suggests files beside `path` by their path, and recipes of the folders by their name alone. */
async function noSuchRecipe(path: string, folders: readonly string[]): Promise<UsageError> {
  const named = (await Promise.all(folders.map(recipesIn))).flat().map(recipeName);
  const beside = await recipesIn(dirname(path));
  const near = nearest(recipeName(path), [...named, ...beside.map(recipeName)]);
  if (near === undefined) return new UsageError(`${path}: no such recipe${list(named)}`);
  const meant = named.includes(near) ? near : beside.find((file) => recipeName(file) === near);
  return new UsageError(`${path}: no such recipe; did you mean "${meant}"?`);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "" : `; there are: ${names.join(", ")}`;
}

function recipeName(path: string): string {
  return basename(path, extname(path));
}

async function recipesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => extname(name) === ".json").map((name) => join(folder, name));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
