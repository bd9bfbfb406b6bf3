import assert from "node:assert/strict";
import { test } from "node:test";
import { cohensKappa } from "./agreement.ts";

/** Two lists with so many items for each pair of categories. */
function lists(counts: readonly (readonly number[])[]): [number[], number[]] {
  const pairs = counts.flatMap((row, left) =>
    row.flatMap((times, right) => Array.from({ length: times }, () => [left, right] as const)),
  );
  return [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
}

test("kappa is the agreement beyond chance: 35 of 50 where chance gives a half is 0.4", () => {
  const [left, right] = lists([
    [20, 5],
    [10, 15],
  ]);
  assert.equal(cohensKappa(left, right), 0.4); // chance (25 * 30 + 25 * 20) / 2500 = 0.5, (0.7 - 0.5) / 0.5
});

test("three categories, from their table by hand", () => {
  const [left, right] = lists([
    [3, 1, 0],
    [0, 2, 1],
    [1, 0, 2],
  ]);
  const [agreed, chance] = [7 / 10, (4 * 4 + 3 * 3 + 3 * 3) / 100];
  assert.ok(Math.abs(cohensKappa(left, right)! - (agreed - chance) / (1 - chance)) < 1e-15);
});

test("the same decisions give 1, opposite ones -1, names of categories do not matter", () => {
  assert.equal(cohensKappa([7, -3, 7, 90], [7, -3, 7, 90]), 1);
  assert.equal(cohensKappa([0, 1], [1, 0]), -1);
});

test("where the two could not have differed kappa is not defined, and lists of different lengths are refused", () => {
  assert.equal(cohensKappa([2, 2, 2], [2, 2, 2]), null);
  assert.equal(cohensKappa([], []), null);
  assert.equal(cohensKappa([1, 1], [2, 2]), 0);
  assert.throws(() => cohensKappa([1], [1, 2]), /1 items against 2/);
});
