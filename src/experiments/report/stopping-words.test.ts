import assert from "node:assert/strict";
import { test } from "node:test";
import type { Estimate, StoppingSigns } from "../../records/results.ts";
import { madeCycle } from "../testing/made-arm.ts";
import { advice, curveWord, cycleSigns, gainPerHundred, modelsWord } from "./stopping-words.ts";

const between = (low: number, high: number): Estimate => ({ mean: (low + high) / 2, low, high, count: 3 });
const single = (mean: number): Estimate => ({ mean, low: null, high: null, count: 1 });

function signs(fields: Partial<StoppingSigns>): StoppingSigns {
  const none = { lastGain: null, lastBatch: null, gainPerLabel: null };
  return { ...none, agreement: null, agreementOverThree: null, poolEntropy: null, ...fields };
}

test("a curve is rising or falling only where its whole interval says so", () => {
  assert.equal(curveWord(signs({ lastGain: between(0.01, 0.03) })), "rising");
  assert.equal(curveWord(signs({ lastGain: between(-0.01, 0.09) })), "may be flat");
  assert.equal(curveWord(signs({ lastGain: between(-0.03, -0.01) })), "falling");
  assert.equal(curveWord(signs({ lastGain: single(0.2) })), "one seed");
  assert.equal(curveWord(signs({})), "one cycle");
});

test("models have settled from a kappa of 0.99 over three cycles", () => {
  assert.equal(modelsWord(signs({ agreement: single(1) })), "changing");
  assert.equal(modelsWord(signs({ agreement: single(1), agreementOverThree: single(0.989) })), "changing");
  assert.equal(modelsWord(signs({ agreement: single(1), agreementOverThree: single(0.99) })), "settled");
  assert.equal(modelsWord(signs({})), "not known");
});

test("stopping is spoken for only by a flat curve and settled models together", () => {
  const settled = { agreement: single(1), agreementOverThree: single(0.995) };
  assert.equal(advice(signs({ ...settled, lastGain: between(-0.01, 0.01) })), "stopping");
  assert.equal(advice(signs({ ...settled, lastGain: between(0.01, 0.02) })), "going on");
  assert.equal(advice(signs({ lastGain: between(-0.01, 0.01) })), "open");
  assert.equal(advice(signs({ ...settled, lastGain: single(0) })), "open", "one seed has no interval");
});

test("gain per label is told in points per 100 labels", () => {
  assert.equal(gainPerHundred(signs({ gainPerLabel: 0.0004 })), "+4.00");
  assert.equal(gainPerHundred(signs({ gainPerLabel: -0.00012 })), "-1.20");
  assert.equal(gainPerHundred(signs({ gainPerLabel: 1e-9 })), "0.00");
});

test("an agreement that rounds to nothing has no sign", () => {
  const line = (agreement: number) => {
    const cycles = [madeCycle(0, 20, 0.5), { ...madeCycle(1, 100, 0.5), agreement }];
    return cycleSigns({ seed: 0, cycles }).split(", ")[1];
  };
  assert.deepEqual([-0.004, 0.004, -0.006].map(line), ["agreement 0.00", "agreement 0.00", "agreement -0.01"]);
});

test("the line of a cycle tells what is known of it and nothing else", () => {
  const cycles = [
    { ...madeCycle(0, 20, 0.5), poolEntropy: { mean: 2, items: 5 } },
    { ...madeCycle(1, 100, 0.531), agreement: 0.714, poolEntropy: { mean: 1.02, items: 5 } },
    { ...madeCycle(2, 180, 0.531), agreement: 0.99 },
    { ...madeCycle(3, 260, 0.53), agreement: 1 },
    { ...madeCycle(4, 340, 0.53), agreement: 1 },
  ];
  const lines = cycles.map((_, c) => cycleSigns({ seed: 0, cycles: cycles.slice(0, c + 1) }));
  assert.deepEqual(lines, [
    "pool entropy 2.00",
    "+3.1 points for 80 labels, agreement 0.71, pool entropy 1.02",
    "0.0 points for 80 labels, agreement 0.99",
    "-0.1 points for 80 labels, agreement 1.00",
    "0.0 points for 80 labels, agreement 1.00 (settled)",
  ]);
  assert.equal(cycleSigns({ seed: 0, cycles: [madeCycle(0, 20, 0.5)] }), "");
});
