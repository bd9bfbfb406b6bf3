// Statistics against NumPy 2 / SciPy 1.17 and against counting by brute force.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, permutation } from "./random.ts";
import {
  mean,
  pairedTTest,
  rankCorrelation,
  rankingAccuracy,
  sampleDeviation,
  studentInterval,
  trapezoidArea,
} from "./statistics.ts";

const left = [0.712, 0.705, 0.731, 0.698, 0.72];
const right = [0.701, 0.708, 0.715, 0.69, 0.716];

function near(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= 1e-12, `${actual} instead of ${expected}`);
}

test("mean and deviation are NumPy's", () => {
  near(mean(left), 0.7132);
  near(sampleDeviation(left), 0.01287245120402483);
  assert.throws(() => mean([]), /no values/);
  assert.throws(() => sampleDeviation([1]), /1 values, needs 2/);
});

test("the 95 % interval is SciPy's, and a single value has none", () => {
  const { low, high, count } = studentInterval(left);
  near(low, 0.6972167407713277);
  near(high, 0.7291832592286722);
  assert.equal(count, 5);
  assert.deepEqual(studentInterval([0.4]), { mean: 0.4, low: null, high: null, count: 1 });
});

test("the paired t-test is SciPy's ttest_rel", () => {
  near(pairedTTest(left, right), 0.08871108737829334);
  near(pairedTTest(right, left), 0.08871108737829334);
});

test("a paired t-test says nothing from one pair or from differences that are all the same", () => {
  assert.equal(pairedTTest([1], [2]), null);
  assert.equal(pairedTTest([0.1, 0.2], [0.1, 0.2]), null);
  assert.equal(pairedTTest([0.71, 0.61, 0.51], [0.7, 0.6, 0.5]), null);
  assert.throws(() => pairedTTest([1, 2], [1]), /2 values against 1/);
});

test("the area under a line is the trapezoids' sum", () => {
  near(trapezoidArea([100, 200, 400, 500], [0.5, 0.6, 0.65, 0.66]), 245.5);
  assert.equal(trapezoidArea([100], [0.5]), 0);
  assert.throws(() => trapezoidArea([100, 100], [0.5, 0.6]), /does not rise at 1/);
});

test("rank correlation shares ranks among ties, as SciPy's spearmanr does", () => {
  near(rankCorrelation([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], [2, 7, 1, 8, 2, 8, 1, 8, 2, 8]), 0.13471506281091267);
  assert.equal(rankCorrelation([1, 2, 3], [10, 20, 1000]), 1);
  assert.equal(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
  assert.equal(rankCorrelation([1, 1, 1], [3, 2, 1]), null);
});

test("ranking accuracy drops pairs tied in the truth and counts pairs tied in the prediction half", () => {
  assert.equal(rankingAccuracy([1, 2, 3], [10, 20, 30]), 1);
  assert.equal(rankingAccuracy([3, 2, 1], [10, 20, 30]), 0);
  assert.equal(rankingAccuracy([5, 5, 5], [10, 20, 30]), 0.5);
  assert.equal(rankingAccuracy([1, 9, 2], [10, 10, 30]), 0.5);
  assert.equal(rankingAccuracy([1, 2, 3], [7, 7, 7]), null);
  assert.equal(rankingAccuracy([], []), null);
});

/** The definition, pair by pair. */
function countedAccuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  let pairs = 0;
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    for (let j = 0; j < i; j++) {
      if (actual[i] === actual[j]) continue;
      pairs++;
      sum += (Math.sign(predicted[i]! - predicted[j]!) * Math.sign(actual[i]! - actual[j]!) + 1) / 2;
    }
  }
  return sum / pairs;
}

test("ranking accuracy equals counting all pairs, with few and many ties", () => {
  const random = createRandom(5, "ranking");
  for (const [count, levels] of [
    [300, 4],
    [301, 40],
    [257, 1e9],
  ] as const) {
    const draw = () => Float32Array.from({ length: count }, () => random.integer(levels) - levels / 2);
    const predicted = draw();
    const actual = draw();
    assert.equal(rankingAccuracy(predicted, actual), countedAccuracy(predicted, actual));
  }
});

test("ranking accuracy does not depend on the order of the items and stays exact for 10,000", () => {
  const random = createRandom(6, "ranking");
  const actual = permutation(10_000, random);
  assert.equal(rankingAccuracy(actual, actual), 1);
  assert.equal(
    rankingAccuracy(
      Float64Array.from(actual, (v) => -v),
      actual,
    ),
    0,
  );
  const oneSwap = Array.from(actual, (v) => (v === 0 ? 1 : v === 1 ? 0 : v));
  assert.equal(rankingAccuracy(oneSwap, actual), 1 - 1 / ((10_000 * 9_999) / 2));
});

test("a prediction that is not a number is refused, not ranked", () => {
  assert.throws(() => rankingAccuracy([1, Number.NaN], [1, 2]), /value 1 is not a number/);
  assert.throws(() => rankCorrelation([1, 2], [1, Number.NaN]), /value 1 is not a number/);
});
