// What the sentences claim, and what they leave open.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArmComparison, Estimate, Results } from "../../records/results.ts";
import { sampleResults } from "./sample-results.ts";
import { summarise } from "./summary.ts";

type Difference = NonNullable<ArmComparison["finalDifference"]>;

function difference(mean: number, half: number, pValue: number): Difference {
  return { mean, low: mean - half, high: mean + half, count: 5, pValue };
}

/** Sample results in which every arm other than random has these figures. */
function withFigures(figures: Partial<ArmComparison>, arms = 2): Results {
  const results = sampleResults({ arms, seeds: [0, 1, 2, 3, 4] });
  const { baseline } = results.comparison;
  const changed = results.comparison.arms.map((arm) => (arm.arm === baseline ? arm : { ...arm, ...figures }));
  return { ...results, comparison: { ...results.comparison, arms: changed } };
}

test("an arm beats random only where the paired test says so", () => {
  const better = summarise(withFigures({ finalDifference: difference(0.02, 0.015, 0.02) }));
  assert.equal(better.headline, "random-with-module beats random here in final accuracy (5 seeds).");
  assert.equal(better.arms[0]!.verdict, "better");
  assert.match(
    better.arms[0]!.text,
    /^beats random: \+2\.0 points of accuracy \(95 % interval \+0\.5 to \+3\.5, p\u00a0=\u00a00\.020\)/,
  );
  const open = summarise(withFigures({ finalDifference: difference(0.02, 0.03, 0.14) }));
  assert.equal(open.headline, "Nothing beats random here in final accuracy (5 seeds).");
  assert.match(open.arms[0]!.text, /^is not distinguishable from random: \+2\.0 points/);
});

test("an arm that is worse is called worse", () => {
  const worse = summarise(withFigures({ finalDifference: difference(-0.02, 0.01, 0.004) }));
  assert.equal(worse.arms[0]!.verdict, "worse");
  assert.match(worse.headline, /^Nothing beats random/);
});

test("a tiny p-value is written as a bound, a test that says nothing proves nothing", () => {
  const tiny = summarise(withFigures({ finalDifference: difference(0.02, 0.001, 1e-7) }));
  assert.match(tiny.arms[0]!.text, /p\u00a0<\u00a00\.001/);
  const same: Estimate & { pValue: null } = { mean: 0.01, low: 0.01, high: 0.01, count: 2, pValue: null };
  assert.equal(summarise(withFigures({ finalDifference: same })).arms[0]!.verdict, "not distinguishable");
});

test("the whole curve is spoken of where it says something else than its end", () => {
  const areaDifference = difference(0.01, 0.004, 0.01);
  const figures = { finalDifference: difference(0.001, 0.01, 0.8), areaDifference };
  assert.match(summarise(withFigures(figures)).arms[0]!.text, /Over the whole curve it is ahead \(\+1\.0 points/);
  const both = { finalDifference: difference(0.02, 0.01, 0.01), areaDifference };
  assert.doesNotMatch(summarise(withFigures(both)).arms[0]!.text, /whole curve/);
});

test("labels saved are told as fewer, more, as many or never", () => {
  const text = (labelsForRandomFinal: number | null, labelsSaved: number | null) =>
    summarise(withFigures({ labelsForRandomFinal, labelsSaved })).arms[0]!.text;
  assert.match(text(1500, 0.25), /with 1,500 labels, 25 % fewer\.$/);
  assert.match(text(2500, -0.25), /with 2,500 labels, 25 % more\.$/);
  assert.match(text(2000, 0.001), /with as many labels \(2,000\)\.$/);
  assert.match(text(null, null), /does not reach random's final figure\.$/);
});

test("caveats name few seeds, several comparisons and a run in progress", () => {
  const few = sampleResults({ seeds: [0, 1] });
  const running = { ...few, provenance: { ...few.provenance, finished: null } };
  const text = summarise(running).caveats.join("\n");
  assert.match(text, /not finished/);
  assert.match(text, /2 seeds are few/);
  assert.match(text, /4 comparisons at 5 % each: in about 19 %/);
});

test("without a random arm, or with nothing beside it, no claim is made", () => {
  const results = sampleResults({ arms: 1 });
  assert.match(summarise(results).headline, /nothing to compare yet/);
  const alone = { ...results, comparison: { ...results.comparison, baseline: null } };
  assert.match(summarise(alone).headline, /nothing can be said about beating random/);
});
