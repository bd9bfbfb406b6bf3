// `foreloss report`: one page out of one or more runs.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { compareArms } from "../experiments/compare.ts";
import { parseResults } from "../records/read-results.ts";
import { datasetSchema, isMadeUp } from "../records/recipe-dataset.ts";
import type { Results } from "../records/results.ts";
import { declareCommand } from "./command.ts";
import { readInput } from "./input-file.ts";
import { addDataOption, dataFolder } from "./options.ts";
import type { ShownRun } from "./run-report.ts";

interface ReportOptions {
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addReportCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "report <runs...>",
    summary: "make one HTML page of one or more runs",
    details: "A run is given by its folder or its results.json. The page holds everything it shows, pictures too.",
    examples: [
      "foreloss report runs/demo",
      "foreloss report runs/cifar10-small runs/cifar10-small-more-seeds --data data --out report.html",
    ],
  });
  addDataOption(command)
    .option("-o, --out <file>", "the page (default: report.html in the run's folder; for several runs, here)")
    .option("--json", "print the comparison as JSON")
    .action(report);
}

async function report(runs: readonly string[], options: ReportOptions): Promise<void> {
  const { writeRunReport } = await import("./run-report.ts");
  const files = await Promise.all(runs.map(resultsFile));
  const shown = await Promise.all(files.map((file) => openRun(file, dataFolder(options.data))));
  const out = options.out ?? (runs.length === 1 ? join(files[0]!, "..", "report.html") : "report.html");
  await writeRunReport(shown, out);
  const comparisons = shown.map(({ results: { name, comparison } }) => ({ name, comparison }));
  console.log(options.json ? JSON.stringify({ report: out, runs: comparisons }, null, 2) : out);
}

async function resultsFile(run: string): Promise<string> {
  const found = await stat(run).catch(() => undefined);
  return found?.isDirectory() ? join(run, "results.json") : run;
}

async function openRun(file: string, data: string | null): Promise<ShownRun> {
  const parsed = parseResults(await readInput(file, "utf8"), file);
  const results: Results = { ...parsed, comparison: compareArms(parsed.arms) };
  return { results, dataset: await openRunData(results, file, data) };
}

/** The data the run was made with, for its pictures; null, with a line that says why, where they cannot be had. */
async function openRunData(
  { provenance, dataset: seen }: Results,
  file: string,
  data: string | null,
): Promise<ShownRun["dataset"]> {
  const { openDataset } = await import("../datasets/index.ts");
  const recipe = datasetSchema.safeParse((provenance.recipe as { dataset?: unknown } | null)?.dataset);
  if (!recipe.success) return withoutPictures(file, "its recipe does not say which data set it was made with");
  if (!isMadeUp(recipe.data) && data === null) {
    return withoutPictures(file, "the folder of its data is not known; name it with --data");
  }
  const dataset = await openDataset(recipe.data, { dataFolder: data });
  if (dataset.digest === seen.digest) return dataset;
  return withoutPictures(file, `what lies in ${data ?? "the made-up set"} is not the data it was made with`);
}

function withoutPictures(file: string, why: string): null {
  console.error(`${file}: shown without pictures: ${why}`);
  return null;
}
