// Labels needed, win rates and kappa against NumPy and scikit-learn, on made-up experiments.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cohensKappa } from "../core/agreement.ts";
import type { ArmResult, LabelsShare } from "../records/results.ts";
import { compareArms } from "./compare.ts";
import { resamples } from "./labels-needed.ts";
import { madeArm } from "./testing/made-arm.ts";

interface Fixture {
  readonly arms: readonly string[];
  readonly experiments: readonly {
    readonly labels: readonly number[];
    readonly curves: readonly (readonly (readonly number[])[])[]; // [arms, seeds, cycles]
    readonly shares: readonly (readonly Omit<LabelsShare, "target">[])[]; // [arms but random, shares of the budget]
    readonly winRates: readonly (readonly number[])[];
  }[];
  readonly kappas: readonly { readonly left: number[]; readonly right: number[]; readonly kappa: number }[];
}

const path = join(import.meta.dirname, "../../test/fixtures/curves.json");
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

function armsOf({ labels, curves }: Fixture["experiments"][number]): ArmResult[] {
  return curves.map((metrics, a) => {
    const arm = madeArm(fixture.arms[a]!, metrics);
    const seeds = arm.seeds.map(({ seed, cycles }) => ({
      seed,
      cycles: cycles.map((cycle, c) => ({ ...cycle, labels: labels[c]! })),
    }));
    return { ...arm, seeds };
  });
}

function near(actual: number | null, expected: number | null, tolerance: number, what: string): void {
  if (actual === null || expected === null) assert.equal(actual, expected, what);
  else assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}

for (const [e, experiment] of fixture.experiments.entries()) {
  const { arms, winRates } = compareArms(armsOf(experiment));

  test(`labels needed of experiment ${e} are NumPy's, and their bounds those over all draws of the seeds`, () => {
    for (const [a, expected] of experiment.shares.entries()) {
      const { arm, labelsShares } = arms[a + 1]!;
      assert.equal(labelsShares.length, expected.length);
      for (const [s, figure] of expected.entries()) {
        const found = labelsShares[s]!;
        for (const field of ["ofBudget", "labels", "share", "low", "high"] as const)
          near(found[field], figure[field], 1e-9 * (figure.labels ?? 1), `${arm}, ${figure.ofBudget}: ${field}`);
        const spread = Math.sqrt((figure.neverReached! * (1 - figure.neverReached!)) / resamples);
        near(found.neverReached, figure.neverReached, 5 * spread, `${arm}, ${figure.ofBudget}: never reached`);
      }
    }
  });

  test(`win rates of experiment ${e} are NumPy's`, () => {
    for (const [r, row] of experiment.winRates.entries())
      for (const [c, rate] of row.entries())
        near(winRates.rates[r]![c]!, r === c ? null : rate, 1e-12, `${fixture.arms[r]} ahead of ${fixture.arms[c]}`);
  });
}

test("kappa is scikit-learn's", () => {
  for (const { left, right, kappa } of fixture.kappas)
    near(cohensKappa(left, right), kappa, 1e-12, `${left.length} items`);
});
