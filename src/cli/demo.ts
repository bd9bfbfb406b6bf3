// `foreloss demo`: a whole experiment on pictures drawn by Foreloss itself, without network or data.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { declareCommand } from "./command.ts";
import { addOutputOptions, type RunCommandOptions } from "./run.ts";

interface DemoOptions extends RunCommandOptions {
  readonly quick?: boolean;
}

export function addDemoCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "demo",
    summary: "carry out a small experiment on made-up pictures",
    details: "Needs no network and no data, and takes about three minutes on two cores.",
    examples: ["foreloss demo", "foreloss demo --quick --out /tmp/demo"],
  });
  // Its nets are small: two side by side are quicker than one on two threads.
  addOutputOptions(command, Math.min(2, availableParallelism()))
    .option("--quick", "half a minute, only to see that everything works")
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const { openRecipe, runRecipe } = await import("./recipe-run.ts");
  const recipe = await openRecipe(options.quick ? "demo-quick" : "demo");
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
