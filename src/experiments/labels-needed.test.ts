// Labels needed beside random's: points by hand, intervals by hand where so few seeds give so few different draws.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArmResult, LabelsShare } from "../records/results.ts";
import { compareArms } from "./compare.ts";
import { madeArm, madeCycle } from "./testing/made-arm.ts";

function sharesOf(random: readonly (readonly number[])[], other: readonly (readonly number[])[]) {
  return compareArms([madeArm("random", random), madeArm("other", other)]).arms[1]!.labelsShares;
}

function rounded(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => value && Math.round(value * 1e6) / 1e6);
}

const bounds = ({ low, high }: LabelsShare) => rounded([low, high]);
const straight = [0.4, 0.5, 0.6, 0.7]; // at 100, 200, 300, 400 labels

test("labels are counted where the curve reaches what random has at half, three quarters and all of the budget", () => {
  const shares = sharesOf([straight], [[0.4, 0.6, 0.8, 0.8]]);
  assert.deepEqual(
    shares.map(({ ofBudget, labels, share, target }) => rounded([ofBudget, target, labels, share])),
    [
      [0.5, 0.5, 150, 0.75],
      [0.75, 0.6, 200, 0.666667],
      [1, 0.7, 250, 0.625],
    ],
  );
  assert.deepEqual(
    compareArms([madeArm("random", [straight])]).arms[0]!.labelsShares.map(({ share }) => share),
    [1, 1, 1],
  );
});

test("shares of the budget that fall between cycles are read off random's straight lines", () => {
  const [half] = sharesOf([[0.4, 0.6, 0.7]], [[0.4, 0.45, 0.7]]); // half of 300 labels is 150: random has 0.5 there
  assert.deepEqual(rounded([half!.target, half!.labels, half!.share]), [0.5, 220, 1.466667]);
});

test("where random falls, its own labels count from when it was first that good", () => {
  const [half, , all] = sharesOf([[0.4, 0.8, 0.6, 0.6]], [[0.4, 0.4, 0.6, 0.8]]);
  assert.deepEqual(rounded([half!.labels, half!.share]), [400, 2]);
  assert.deepEqual(rounded([all!.labels, all!.share]), [300, 2]); // random had 0.6 at 150 labels
});

test("what is not reached has no number, and one seed no interval", () => {
  const [half, , all] = sharesOf([straight], [[0.4, 0.45, 0.5, 0.55]]);
  assert.deepEqual(rounded([half!.share]), [1.5]);
  assert.deepEqual(all, {
    ofBudget: 1,
    target: 0.7,
    labels: null,
    share: null,
    low: null,
    high: null,
    neverReached: null,
  });
});

test("a share of the budget below the first labels is left out", () => {
  const late = (name: string): ArmResult => ({
    ...madeArm(name, []),
    seeds: [{ seed: 1, cycles: [madeCycle(0, 300, 0.5), madeCycle(1, 400, 0.6)] }],
  });
  const [, other] = compareArms([late("random"), late("other")]).arms;
  assert.deepEqual(
    other!.labelsShares.map(({ ofBudget }) => ofBudget),
    [0.75, 1],
  );
});

test("two seeds: the bounds are what each of them gives alone, since a quarter of the draws are one of them twice", () => {
  const [, , all] = sharesOf([straight, straight], [[0.4, 0.6, 0.8, 0.8], straight]);
  assert.deepEqual(bounds(all!), [0.625, 1]);
  assert.equal(all!.neverReached, 0);
});

test("draws that never get there count as beyond every bound, and are counted", () => {
  const [, , all] = sharesOf(
    [straight, straight],
    [
      [0.4, 0.6, 0.8, 0.8],
      [0.4, 0.4, 0.4, 0.4],
    ],
  );
  assert.equal(all!.share, null, "on average 0.6 at the end");
  assert.deepEqual(bounds(all!), [0.625, null]);
  assert.ok(Math.abs(all!.neverReached! - 0.75) < 0.04, `${all!.neverReached} of the draws hold the second seed`);
});

test("an arm that is random in every seed needs exactly random's labels, however much seeds differ", () => {
  const curves = [straight, [0.3, 0.35, 0.5, 0.52], [0.5, 0.7, 0.7, 0.9]];
  for (const share of sharesOf(curves, curves)) assert.deepEqual([share.share, ...bounds(share)], [1, 1, 1]);
});

test("the figures do not depend on the order of the seeds, and are the same every time", () => {
  const random = madeArm("random", [straight, [0.3, 0.35, 0.5, 0.52], [0.5, 0.7, 0.7, 0.9]]);
  const other = madeArm("other", [[0.4, 0.6, 0.6, 0.8], straight, [0.5, 0.6, 0.8, 0.95]]);
  const shares = (arm: ArmResult) => compareArms([random, arm]).arms[1]!.labelsShares;
  assert.deepEqual(shares({ ...other, seeds: [...other.seeds].reverse() }), shares(other));
});
