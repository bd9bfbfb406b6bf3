// `foreloss demo`: a whole experiment on pictures drawn by Foreloss itself, without network or data.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { declareCommand } from "./command.ts";
import { addOutputOptions, type RunCommandOptions } from "./run.ts";

interface DemoOptions extends RunCommandOptions {
  readonly task: DemoTask;
  readonly quick?: boolean;
}

/** The recipe of each task; with `-quick` behind it the one that is cut short. */
const recipes = { classification: "demo", detection: "demo-detection", pose: "demo-pose" } as const;
type DemoTask = keyof typeof recipes;

export function addDemoCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "demo",
    summary: "carry out a small experiment on made-up pictures",
    details: "Needs no network and no data, and takes about three minutes on two cores.",
    examples: ["foreloss demo", "foreloss demo --task detection", "foreloss demo --quick --out /tmp/demo"],
  });
  // Its nets are small: two side by side are quicker than one on two threads.
  addOutputOptions(command, Math.min(2, availableParallelism()))
    .addOption(new Option("--task <name>", "what is learned").choices(Object.keys(recipes)).default("classification"))
    .option("--quick", "half a minute, only to see that everything works")
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const { openRecipe, runRecipe } = await import("./recipe-run.ts");
  const recipe = await openRecipe(`${recipes[options.task]}${options.quick ? "-quick" : ""}`);
  await runRecipe(recipe, {
    data: null,
    download: false,
    out: options.out ?? join("runs", recipe.name),
    engine: options.engine,
    precision: options.precision,
    threads: options.threads,
    jobs: options.jobs,
    arms: undefined,
    seeds: undefined,
    fresh: options.fresh ?? false,
    json: options.json ?? false,
  });
}
