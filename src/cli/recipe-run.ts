// Carrying a recipe out from the command line, for `run` and `demo`: data, engine, progress, and what is printed at the end.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ForelossError, UsageError } from "../core/errors.ts";
import { downloadCifar10 } from "../datasets/cifar10-download.ts";
import { type Dataset, openDataset } from "../datasets/index.ts";
import { nativeJpegs } from "../engine/backends/native/index.ts";
import { comparisonTable } from "../experiments/report/comparison-table.ts";
import { carryOut } from "../experiments/run/carry-out.ts";
import { chainsOf } from "../experiments/run/portion.ts";
import type { LearnerFactory } from "../experiments/run/work.ts";
import { readRecipe } from "../records/read-recipe.ts";
import type { Recipe } from "../records/recipe.ts";
import type { Results } from "../records/results.ts";
import { strategyNamed } from "../strategies/index.ts";
import { taskFor } from "../tasks/task-for.ts";
import type { EngineSpec } from "../training/engines.ts";
import { createLearner } from "../training/learner.ts";
import { counting, longWork } from "./long-work.ts";
import { describeMachine, machineInWords } from "./machine.ts";
import type { EngineOptions } from "./options.ts";
import { refuseInside } from "./output-folder.ts";
import { packageVersion } from "./package-version.ts";
import type { Progress } from "./progress.ts";
import { writeRunReport } from "./run-report.ts";
import { announcement, countedItems, skippedNote, tellEvent } from "./run-words.ts";
import { engineLine, takeEngine } from "./taken-engine.ts";

export interface RecipeRunOptions extends EngineOptions {
  /** Where the pictures lie; null where the recipe needs none, or nobody said. */
  readonly data: string | null;
  /** Fetch the data set when it is not there. */
  readonly download: boolean;
  readonly out: string;
  readonly jobs: number;
  readonly arms: readonly string[] | undefined;
  readonly seeds: readonly number[] | undefined;
  readonly fresh: boolean;
  readonly json: boolean;
}

const shippedRecipes = fileURLToPath(new URL("../../recipes", import.meta.url));

/** A recipe by its path, or by the name of one that comes with Foreloss. */
export function openRecipe(pathOrName: string): Promise<Recipe> {
  return readRecipe(pathOrName, { strategyNamed, folders: [shippedRecipes] });
}

/** Carries the recipe out in `out`, prints how it went and leaves the report, also of a run that was interrupted. */
export async function runRecipe(recipe: Recipe, options: RecipeRunOptions): Promise<void> {
  const results = await longWork((progress, signal) => workOn(recipe, options, progress, signal));
  tellOutcome(results, options);
}

async function workOn(
  recipe: Recipe,
  options: RecipeRunOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Results> {
  const chains = chainsOf(recipe, options.arms, options.seeds); // a wrong name is told before anything is opened
  const { kind } = recipe.dataset;
  if (["folder", "boxes", "joints"].includes(kind) && options.data !== null) refuseInside(options.data, options.out);
  const taken = await takeEngine(options, options.jobs);
  progress.note(engineLine(taken));
  const dataset = await openData(recipe, options, progress, signal);
  refuseTooFew(recipe, dataset);
  for (const line of [announcement({ recipe, chains, dataset, out: options.out }), ...skippedNote(dataset.skipped)])
    progress.note(line);
  return await carryOut(recipe, {
    folder: options.out,
    dataset,
    createLearner: learnerFactory(options.data, taken),
    metric: taskFor(recipe.model, dataset).metricName,
    engine: { name: taken.name, version: taken.version, threads: taken.threads },
    foreloss: packageVersion(),
    command: `foreloss ${process.argv.slice(2).join(" ")}`,
    machine: machineInWords(await describeMachine()),
    jobs: options.jobs,
    armNames: options.arms,
    seeds: options.seeds,
    fresh: options.fresh,
    signal,
    onEvent: (event) => tellEvent(event, progress),
    onResults: async (results) => {
      await writeRunReport([{ dataset, results }], reportOf(options));
      if (signal.aborted) progress.note(`report of what is finished: ${reportOf(options)}`);
    },
  });
}

function reportOf({ out }: RecipeRunOptions): string {
  return join(out, "report.html");
}

async function openData(
  recipe: Recipe,
  { data, download }: RecipeRunOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Dataset<unknown>> {
  if (download && recipe.dataset.kind === "cifar10") {
    if (data === null) throw new UsageError("--download: no folder to put the data in; name it with --data <folder>");
    await downloadCifar10(data, {
      signal,
      onProgress: (done, total) =>
        progress.update(done / total, null, `downloading CIFAR-10, ${mebibytes(done)} of ${mebibytes(total)} MiB`),
    });
  } else if (download) {
    throw new UsageError(`--download: only CIFAR-10 can be fetched, and this recipe asks for "${recipe.dataset.kind}"`);
  }
  return await openDataset(recipe.dataset, {
    dataFolder: data,
    onProgress: counting(progress, "looking at picture"),
    signal,
    jpegs: nativeJpegs(),
  });
}

/** Better said before the first training than found out in the last cycle. */
function refuseTooFew(recipe: Recipe, { train }: Dataset<unknown>): void {
  const { name, labelling } = recipe;
  const { initial, perCycle, cycles } = labelling;
  const asked = initial + (cycles - 1) * perCycle;
  if (asked <= train.ids.length) return;
  const sum = `${initial} + ${cycles - 1} x ${perCycle} = ${asked}`;
  throw new ForelossError(
    `${name}: the recipe asks for ${sum} labels, the data has ${countedItems(train.ids.length, recipe)} to choose from`,
    { hint: "Lower labelling.cycles, labelling.perCycle or labelling.initial in the recipe, or add pictures." },
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function learnerFactory(dataFolder: string | null, engine: EngineSpec): LearnerFactory {
  return ({ recipe, seed, training, dataset, workFolder }) =>
    createLearner({
      dataset: recipe.dataset,
      dataFolder,
      survey: dataset.survey,
      model: recipe.model,
      training,
      seed,
      initialLabels: recipe.labelling.initial,
      engine,
      workFolder,
    });
}

function tellOutcome(results: Results, options: RecipeRunOptions): void {
  const { json, out } = options;
  const table = () => comparisonTable(results, process.stdout.columns ?? 100);
  const files = `figures  ${join(out, "results.json")}\nreport   ${reportOf(options)}`;
  console.log(json ? JSON.stringify(results, null, 2) : `\n${table()}\n\n${files}`);
}
