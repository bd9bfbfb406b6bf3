// `foreloss run`: carries a recipe out, or goes on with it where it stopped.
import { join } from "node:path";
import type { Command } from "commander";
import { declareCommand } from "./command.ts";
import { addLabelOptions, type LabelOptions, withLabelOptions } from "./label-options.ts";
import {
  addDataOption,
  addEngineOptions,
  dataFolder,
  type EngineOptions,
  integerList,
  positiveInteger,
  wordList,
} from "./options.ts";

export interface RunCommandOptions extends EngineOptions, LabelOptions {
  readonly data?: string;
  readonly download?: boolean;
  readonly out?: string;
  readonly jobs: number;
  readonly arms?: readonly string[];
  readonly seeds?: readonly number[];
  readonly fresh?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "run <recipe>",
    summary: "carry out a recipe, or go on with it where it stopped",
    details:
      "A recipe compares several ways of choosing over several cycles and seeds. <recipe> is a file, or the name of one that comes with Foreloss.",
    examples: [
      "foreloss run cifar10-small --data data --download",
      "foreloss run my-recipe.json --data pictures --seeds 0,1 --arms random,learned-loss",
    ],
  });
  addDataOption(command).option("--download", "fetch CIFAR-10 into the --data folder when it is not there");
  addLabelOptions(command);
  addOutputOptions(command)
    .option("--arms <names>", "only these arms, with commas between them", wordList)
    .option("--seeds <numbers>", "only these seeds, with commas between them", integerList)
    .action(run);
}

/** Options that `run` and `demo` have in common. */
export function addOutputOptions(command: Command, jobs = 1): Command {
  command.option("-o, --out <folder>", "folder of the run (default: runs/<name of the recipe>)");
  return addEngineOptions(command)
    .option("--jobs <n>", "arms and seeds to work on at a time", positiveInteger, jobs)
    .option("--fresh", "delete what the folder has from earlier and begin anew")
    .option("--json", "print the figures as JSON");
}

async function run(recipePath: string, options: RunCommandOptions): Promise<void> {
  const { openRecipe, runRecipe } = await import("./recipe-run.ts");
  const recipe = withLabelOptions(await openRecipe(recipePath), options);
  await runRecipe(recipe, {
    data: dataFolder(options.data),
    download: options.download ?? false,
    out: options.out ?? join("runs", recipe.name),
    engine: options.engine,
    precision: options.precision,
    threads: options.threads,
    jobs: options.jobs,
    arms: options.arms,
    seeds: options.seeds,
    fresh: options.fresh ?? false,
    json: options.json ?? false,
  });
}
