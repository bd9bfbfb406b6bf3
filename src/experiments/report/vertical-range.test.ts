import assert from "node:assert/strict";
import { test } from "node:test";
import { cutBand, verticalRange } from "./vertical-range.ts";

const shares = [0, 100] as const;
const point = (mean: number, half: number, labels = 0) => ({ labels, mean, low: mean - half, high: mean + half });

test("narrow intervals are shown whole", () => {
  assert.deepEqual(verticalRange([point(40, 3), point(80, 5)], [], shares), [37, 85]);
});

test("intervals far wider than the curve are cut, and never go beyond what a share can be", () => {
  assert.deepEqual(verticalRange([point(40, 124), point(60, 50)], [], shares), [30, 70]);
  assert.deepEqual(verticalRange([point(10, 124), point(90, 50)], [], shares), [0, 100]);
});

test("marked levels and all means are within", () => {
  assert.deepEqual(verticalRange([point(60, 0), point(80, 0)], [50], shares), [50, 80]);
  assert.deepEqual(verticalRange([point(20, 30), point(25, 0)], [0], [0, Infinity]), [0, 37.5]);
});

test("a curve that does not rise has a picture all the same", () => {
  for (const level of [0, 50, 100]) {
    const [low, high] = verticalRange([point(level, 0), point(level, 0)], [], shares);
    assert.ok(low < high && low <= level && level <= high, `${low} to ${high}`);
  }
});

test("a band is cut where it crosses an edge, and keeps its course inside", () => {
  const band = [point(50, 100, 0), point(50, 20, 100), point(50, 10, 200)];
  assert.deepEqual(
    cutBand(band, [10, 90]).map(({ labels, low, high }) => [labels, low, high]),
    [
      [0, 10, 90],
      [75, 10, 90],
      [75, 10, 90],
      [100, 30, 70],
      [200, 40, 60],
    ],
  );
});

test("a band within the range stays as it is", () => {
  const band = [point(50, 5, 100), point(60, 3, 200)];
  assert.deepEqual(cutBand(band, [0, 100]), band);
});
