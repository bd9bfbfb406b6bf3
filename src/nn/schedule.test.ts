import assert from "node:assert/strict";
import { test } from "node:test";
import { learningRateAt, type Schedule } from "./schedule.ts";

const curve = (schedule: Schedule, total: number) =>
  Array.from({ length: total }, (_, step) => learningRateAt(schedule, 1, step, total));

test("a step schedule multiplies at each share of the training", () => {
  const rates = curve({ kind: "step", at: [0.5, 0.8], factor: 0.1 }, 10);
  assert.deepEqual(
    rates.map((rate) => Number(rate.toFixed(6))),
    [1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01],
  );
});

test("one cycle rises from a 25th to the peak at the warm-up's end and falls to nearly nothing", () => {
  const rates = curve({ kind: "one-cycle", warmUp: 0.3 }, 100);
  assert.ok(Math.abs(rates[0]! - 0.04) < 1e-12);
  assert.equal(rates.indexOf(Math.max(...rates)), 30);
  assert.ok(Math.abs(rates[30]! - 1) < 1e-12);
  assert.ok(rates[99]! > 0 && rates[99]! < 0.02);
});

test("a cosine without warm-up starts at the peak, passes half of it in the middle and ends near 0", () => {
  const rates = curve({ kind: "cosine", warmUp: 0 }, 100);
  assert.equal(rates[0], 1);
  assert.ok(Math.abs(rates[50]! - 0.5) < 1e-12);
  assert.ok(rates[99]! < 0.001);
});

test("a cosine with warm-up never exceeds the peak and grows during the warm-up", () => {
  const rates = curve({ kind: "cosine", warmUp: 0.2 }, 50);
  assert.ok(rates.every((rate) => rate > 0 && rate <= 1));
  for (let step = 1; step < 10; step++) assert.ok(rates[step]! > rates[step - 1]!);
});
