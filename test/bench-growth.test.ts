// How the growth of choosing is measured and drawn: which sizes, the power that is read off, and the chart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { growthChart } from "../bench/growth-chart.ts";
import { axes, exponent, type Growth, pointsAlong } from "../bench/growth-points.ts";

test("sizes change along one axis, and no limit is passed", () => {
  const most = { items: 30_000, dimensions: 32, picks: 50 };
  assert.deepEqual(pointsAlong("items", most), [
    { items: 10_000, dimensions: 32, picks: 50 },
    { items: 30_000, dimensions: 32, picks: 50 },
  ]);
  assert.deepEqual(
    pointsAlong("dimensions", most).map(({ dimensions }) => dimensions),
    [8, 32],
  );
  const whole = { items: 10_000_000, dimensions: 2048, picks: 10_000 };
  assert.equal(pointsAlong("items", whole).at(-1)!.items, 10_000_000);
  assert.ok(pointsAlong("picks", { ...whole, items: 500 }).every(({ picks }) => picks <= 500));
});

test("the power of growth is that of time over size", () => {
  const points = [10, 100, 1000].map((size) => ({ size, seconds: 3 * size ** 1.5 }));
  assert.ok(Math.abs(exponent(points) - 1.5) < 1e-12);
});

test("the chart shows every axis with its strategies and their powers, in powers of ten", async () => {
  const growth: Growth = axes.flatMap((along) =>
    pointsAlong(along, { items: 1_000_000, dimensions: 512, picks: 1000 }).flatMap((sizes) => [
      { along, strategy: "core-set", ...sizes, seconds: sizes[along] ** 1.1 / 1e4, peakMemoryBytes: 1 },
      { along, strategy: "k-means", ...sizes, seconds: sizes[along] / 1e3, peakMemoryBytes: 1 },
    ]),
  );
  const svg = await growthChart(growth);
  for (const axis of axes) {
    assert.ok(svg.includes(`core-set: ${axis}^1.10`), axis);
    assert.ok(svg.includes(`k-means: ${axis}^1.00`), axis);
  }
  assert.match(svg, /128 dimensions, 100 picks/);
  assert.match(svg, />100k</);
});
