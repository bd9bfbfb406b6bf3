// The figures that are kept in the repository, whatever version made them, can be read, compared and drawn.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compareArms } from "../src/experiments/compare.ts";
import { comparisonTable } from "../src/experiments/report/comparison-table.ts";
import { reportPage } from "../src/experiments/report/write-report.ts";
import { parseResults } from "../src/records/read-results.ts";

const root = join(import.meta.dirname, "..");

for (const path of globSync("results/*/results.json", { cwd: root })) {
  test(`${path} can be read and drawn, with the figures that were added since`, async () => {
    const read = parseResults(readFileSync(join(root, path), "utf8"), path);
    const results = { ...read, comparison: compareArms(read.arms) };
    const page = await reportPage([{ results, thumbnails: async () => null }]);
    assert.match(page, /Learning curves/);
    const compares = read.arms.length > 1; // one arm alone has nothing to be set beside
    assert.equal(/Labels beside random/.test(page), compares);
    assert.equal(/labels \/ random's/.test(comparisonTable(results)), compares);
  });
}
