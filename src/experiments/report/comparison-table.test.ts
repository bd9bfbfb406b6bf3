// The comparison as the terminal shows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisonTable } from "./comparison-table.ts";
import { sampleResults } from "./sample-results.ts";

function rowOf(table: string, arm: string, which: number): string {
  return table.split("\n").filter((line) => line.startsWith(`${arm} `))[which]!;
}

test("the table gives mean and half width per cycle, then what the labels bought", () => {
  const results = sampleResults({ arms: 2, cycles: 2 });
  const table = comparisonTable(results);
  const [random, other] = results.comparison.arms;
  const { mean, high } = other!.curve[1]!.metric;
  assert.ok(rowOf(table, other!.arm, 0).endsWith(`${(100 * mean).toFixed(1)} +- ${(100 * (high! - mean)).toFixed(1)}`));
  assert.match(table, /over 3 seeds/);
  assert.match(rowOf(table, other!.arm, 1), / [+-]\d+\.\d \+- \d+\.\d +\d\.\d+ /);
  assert.match(rowOf(table, random!.arm, 1), /^random +- +- .* 0 % +- /);
});

test("columns are aligned and wide curves go on below, within the width", () => {
  const table = comparisonTable(sampleResults({ cycles: 9 }), 80);
  const lines = table.split("\n");
  const curve = lines.slice(2, lines.findIndex((line) => line.startsWith("arm ")) - 1);
  assert.equal(curve.filter((line) => line.startsWith("labels")).length, 3);
  assert.ok(curve.every((line) => line.length <= 80));
  const block = curve.slice(0, 6).map((line) => line.length);
  assert.equal(new Set(block).size, 1);
});

test("labels beside random's, wins and signs of stopping follow, each with what it means", () => {
  const results = sampleResults({ arms: 4, seeds: [0, 1, 2, 3, 4] });
  const table = comparisonTable(results);
  const { labelsShares, stopping } = results.comparison.arms[3]!;
  const { share, low, high } = labelsShares[2]!;
  assert.ok(table.includes(`${share!.toFixed(2)} (${low!.toFixed(2)} to ${high!.toFixed(2)})\n`), table);
  assert.match(table, /never: not within the budget\nin brackets 95 % .* 2,000 resamples/);
  const won = results.comparison.winRates.rates[3]![0]!;
  assert.match(table, new RegExp(`\\ncore-set +${(100 * won).toFixed(0)} .* -\\nof at most 25 cycle x seed pairs`));
  assert.match(table, new RegExp(`\\ncore-set .* ${stopping.agreement!.mean.toFixed(2)} .* going on\\n`));
});

test("one seed is said to have no interval and shows no p-value", () => {
  const table = comparisonTable(sampleResults({ seeds: [4], cycles: 3 }));
  assert.match(table, /1 seed: no interval/);
  assert.doesNotMatch(table, /\+-/);
  assert.match(table, /One seed is too little/);
});

test("a run without a finished cycle says so", () => {
  assert.equal(comparisonTable(sampleResults({ cycles: 0 })), "No cycle is finished yet.");
});
