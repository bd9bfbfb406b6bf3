// Figures worked out by hand from probabilities of simple fractions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracy, classificationLosses, classUncertainty, type Logits, predictedClasses } from "./probabilities.ts";

/** Logits whose probabilities are these, each row moved by another amount: only differences count. */
function logitsOf(...rows: readonly (readonly number[])[]): Logits {
  const values = rows.flatMap((row, i) => row.map((p) => Math.log(p) + 7 * i));
  return { count: rows.length, classes: rows[0]!.length, values: Float32Array.from(values) };
}

function assertNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) < 1e-6, `${i}: ${actual[i]} for ${value}`);
  });
}

const rows = logitsOf([1 / 2, 1 / 4, 1 / 4], [1 / 3, 1 / 3, 1 / 3], [1 / 8, 5 / 8, 1 / 4]);

test("the loss of an item is minus the logarithm of its class's probability", () => {
  assertNear(classificationLosses(rows, [0, 2, 0]), [Math.log(2), Math.log(3), Math.log(8)]);
});

test("entropy, margin and least confidence are those of the probabilities, the unsure ones higher", () => {
  const { entropy, margin, leastConfidence } = classUncertainty(rows);
  const third = Math.log(8) / 8 + (5 / 8) * Math.log(8 / 5) + Math.log(4) / 4;
  assertNear(entropy!, [1.5 * Math.log(2), Math.log(3), third]);
  assertNear(margin!, [3 / 4, 1, 1 - 3 / 8]);
  assertNear(leastConfidence!, [1 / 2, 2 / 3, 3 / 8]);
});

test("a certain prediction has no uncertainty, and logits of any size give finite figures", () => {
  const sure: Logits = { count: 2, classes: 2, values: Float32Array.of(5e4, -5e4, 3e38, -3e38) };
  const { entropy, margin, leastConfidence } = classUncertainty(sure);
  for (const signal of [entropy, margin, leastConfidence]) assert.deepEqual([...signal!], [0, 0]);
  assert.deepEqual([...classificationLosses({ ...sure, count: 1 }, [1])], [1e5]);
});

test("the predicted class is the likeliest, the first among equals", () => {
  assert.deepEqual(predictedClasses(rows), [0, 0, 1]);
});

test("accuracy is the share of right items", () => {
  assert.equal(accuracy([0, 0, 1, 2], [0, 0, 0, 2]), 3 / 4);
  assert.ok(Number.isNaN(accuracy([], [])));
});
