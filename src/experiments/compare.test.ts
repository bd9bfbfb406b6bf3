// Comparing arms: pairing by seed, labels saved, areas, runs in progress. Expected values worked out by hand or with SciPy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareArms, coverageNotes } from "./compare.ts";
import { madeArm as arm, madeCycle as cycle } from "./testing/made-arm.ts";

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) < 1e-12, `${actual} instead of ${expected}`);
}

test("the baseline is the random arm without the module, else any random arm, else none", () => {
  const withModule = arm("random-module", [[0.5]], { strategy: "random", lossPrediction: "ranking" });
  const entropy = arm("entropy", [[0.5]]);
  assert.equal(compareArms([entropy, withModule, arm("random", [[0.5]])]).baseline, "random");
  assert.equal(compareArms([entropy, withModule]).baseline, "random-module");
  assert.equal(compareArms([entropy]).baseline, null);
  assert.equal(compareArms([entropy]).arms[0]!.labelsSaved, null);
});

test("a curve holds mean and interval per number of labels, and one seed has no interval", () => {
  const [random] = compareArms([
    arm("random", [
      [0.4, 0.5],
      [0.5, 0.6],
      [0.6, 0.7],
    ]),
  ]).arms;
  assert.deepEqual(
    random!.curve.map((point) => point.labels),
    [100, 200],
  );
  near(random!.curve[0]!.metric.mean, 0.5);
  near(random!.curve[0]!.metric.low, 0.25158622882496706);
  near(random!.curve[0]!.metric.high, 0.7484137711750329);
  const [single] = compareArms([arm("random", [[0.4, 0.5]])]).arms;
  assert.deepEqual(single!.curve[1]!.metric, { mean: 0.5, low: null, high: null, count: 1 });
});

test("differences from random are paired by seed, whatever order the seeds come in", () => {
  const random = arm("random", [
    [0.4, 0.701],
    [0.4, 0.708],
    [0.4, 0.715],
    [0.4, 0.69],
    [0.4, 0.716],
  ]);
  const entropy = arm("entropy", [
    [0.4, 0.712],
    [0.4, 0.705],
    [0.4, 0.731],
    [0.4, 0.698],
    [0.4, 0.72],
  ]);
  const shuffled = { ...entropy, seeds: [...entropy.seeds].reverse() };
  const [, compared] = compareArms([random, shuffled]).arms;
  near(compared!.finalDifference!.mean, 0.0072);
  near(compared!.finalDifference!.pValue, 0.08871108737829334);
  near(compared!.areaDifference!.mean, 0.0036);
  assert.equal(compareArms([random, shuffled]).arms[0]!.finalDifference, null);
});

test("seeds that only one arm has stay out of the difference but in the arm's own curve", () => {
  const random = arm("random", [[0.5, 0.6]]);
  const entropy = arm("entropy", [
    [0.5, 0.7],
    [0.1, 0.1],
  ]);
  const [, compared] = compareArms([random, entropy]).arms;
  assert.equal(compared!.finalDifference!.count, 1);
  assert.equal(compared!.finalDifference!.pValue, null);
  near(compared!.finalDifference!.mean, 0.1);
  assert.equal(compared!.curve[0]!.metric.count, 2);
});

test("the area is the mean metric over the range of labels", () => {
  const [random] = compareArms([arm("random", [[0.4, 0.6, 0.7]])]).arms;
  near(random!.area.mean, (0.5 + 0.65) / 2);
  near(compareArms([arm("random", [[0.4]])]).arms[0]!.area.mean, 0.4);
});

test("labels saved are read between cycles, against where random itself gets there", () => {
  const random = arm("random", [[0.4, 0.5, 0.6, 0.7]]);
  const faster = arm("entropy", [[0.4, 0.6, 0.8, 0.8]]);
  const slower = arm("margin", [[0.4, 0.45, 0.5, 0.69]]);
  const [baseline, entropy, margin] = compareArms([random, faster, slower]).arms;
  near(baseline!.labelsForRandomFinal, 400);
  near(baseline!.labelsSaved, 0);
  near(entropy!.labelsForRandomFinal, 250);
  near(entropy!.labelsSaved, 0.375);
  assert.equal(margin!.labelsForRandomFinal, null);
  assert.equal(margin!.labelsSaved, null);
});

test("where random's curve falls at its end, its labels count from when it was first that good", () => {
  const random = arm("random", [[0.4, 0.8, 0.6]]);
  const other = arm("entropy", [[0.4, 0.3, 0.6]]);
  const [baseline, entropy] = compareArms([random, other]).arms;
  near(baseline!.labelsForRandomFinal, 150);
  near(entropy!.labelsForRandomFinal, 300);
  near(entropy!.labelsSaved, -1);
});

test("an arm that starts above random's final metric needs at most its first labels", () => {
  const [, better] = compareArms([arm("random", [[0.4, 0.5]]), arm("warm", [[0.6, 0.7]])]).arms;
  near(better!.labelsForRandomFinal, 100);
});

test("ranking accuracy and seconds are means over cycles, train metric is the last cycle's", () => {
  const base = arm("learned-loss", [[0.4, 0.5]], { lossPrediction: "ranking" });
  const cycles = base.seeds[0]!.cycles.map((record, c) => ({
    ...record,
    rankingAccuracy: [0.6, 0.8][c]!,
    trainSeconds: [2, 6][c]!,
  }));
  const [compared] = compareArms([{ ...base, seeds: [{ seed: 1, cycles }] }]).arms;
  near(compared!.rankingAccuracy!.mean, 0.7);
  near(compared!.secondsPerCycle.mean, 5);
  near(compared!.trainMetric.mean, 0.99);
  assert.equal(compareArms([arm("random", [[0.4]])]).arms[0]!.rankingAccuracy, null);
});

test("a seed that has just begun does not cut the finished ones short, one that is nearly done does", () => {
  const begun = compareArms([arm("random", [[0.4, 0.5, 0.6], [0.4]])]).arms[0]!;
  assert.deepEqual([begun.curve.length, begun.curve[0]!.metric.count], [3, 1]);
  const nearly = compareArms([
    arm("random", [
      [0.4, 0.5, 0.6],
      [0.4, 0.5],
    ]),
  ]).arms[0]!;
  assert.deepEqual([nearly.curve.length, nearly.curve[0]!.metric.count], [2, 2]);
});

test("an arm in progress is compared over the cycles it shares with random, and the notes say so", () => {
  const arms = [
    arm("random", [
      [0.4, 0.5, 0.6],
      [0.4, 0.5, 0.6],
    ]),
    arm("entropy", [[0.4, 0.55], []]),
    arm("core-set", []),
  ];
  const { arms: compared } = compareArms(arms);
  assert.deepEqual(
    compared.map((one) => one.arm),
    ["random", "entropy"],
  );
  near(compared[1]!.finalDifference!.mean, 0.05);
  near(compared[1]!.labelsForRandomFinal, 100 + (0.1 / 0.15) * 100);
  assert.deepEqual(coverageNotes(arms), [
    "entropy: 2 of 3 cycles, 1 of 2 seeds; compared with random over 2 cycles, 1 seed.",
    "core-set: no cycle is finished yet.",
  ]);
  assert.deepEqual(coverageNotes(arms.slice(0, 1)), []);
});

test("arms without a common seed are shown but not compared", () => {
  const random = arm("random", [[0.4]]);
  const entropy = { ...arm("entropy", [[0.5]]), seeds: [{ seed: 9, cycles: [cycle(0, 100, 0.5)] }] };
  assert.equal(compareArms([random, entropy]).arms[1]!.finalDifference, null);
  assert.match(coverageNotes([random, entropy])[1]!, /no seed in common with random/);
});

test("nothing finished gives nothing, and different numbers of labels are refused", () => {
  const { baseline, arms, winRates } = compareArms([arm("random", [[]])]);
  assert.deepEqual([baseline, arms, winRates], [null, [], { arms: [], rates: [], pairs: [] }]);
  const other = { ...arm("entropy", []), seeds: [{ seed: 1, cycles: [cycle(0, 150, 0.5)] }] };
  assert.throws(() => compareArms([arm("random", [[0.5]]), other]), /150 and 100 labels in cycle 0/);
});
