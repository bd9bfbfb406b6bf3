// Keeps the figures of a run for the repository: `node scripts/keep-results.ts runs/NAME [FOLDER]` writes results/FOLDER/, by
// default of the experiment's name, with results.json (without picks and loss samples, which are large; absolute paths cut to
// their last part) and curve.svg.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { compareArms } from "../src/experiments/compare.ts";
import { curveSvg } from "../src/experiments/report/chart-sections.ts";
import { comparisonTable } from "../src/experiments/report/comparison-table.ts";
import { parseResults } from "../src/records/read-results.ts";
import type { Results } from "../src/records/results.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";

const [run, name] = process.argv.slice(2);
if (run === undefined) throw new Error("usage: node scripts/keep-results.ts runs/NAME [FOLDER]");

const path = join(run, "results.json");
const read = parseResults(await readFile(path, "utf8"), path);
const results: Results = { ...read, comparison: compareArms(read.arms) };
const { provenance } = results;
const kept: Results = {
  ...results,
  arms: results.arms.map((arm) => ({
    ...arm,
    seeds: arm.seeds.map((seed) => ({
      ...seed,
      cycles: seed.cycles.map((cycle) => ({ ...cycle, picks: [], lossSample: [] })),
    })),
  })),
  provenance: { ...provenance, command: provenance.command.replace(/(?<=\s)\/\S+/g, (path) => basename(path)) },
};
const folder = join("results", name ?? results.name);
await writeFileAtomic(join(folder, "results.json"), `${JSON.stringify(kept, null, 1)}\n`);
await writeFileAtomic(join(folder, "curve.svg"), await curveSvg(results));
console.log(comparisonTable(results));
