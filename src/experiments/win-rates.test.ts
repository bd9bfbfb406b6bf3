import assert from "node:assert/strict";
import { test } from "node:test";
import { madeArm } from "./testing/made-arm.ts";
import { winRates } from "./win-rates.ts";

test("a rate is the share of cycles and seeds in which the row is ahead, ties half, the first cycle left out", () => {
  const { arms, rates, pairs } = winRates([
    madeArm("a", [
      [0.9, 0.5, 0.6],
      [0.9, 0.5, 0.6],
    ]),
    madeArm("b", [
      [0.1, 0.4, 0.6],
      [0.1, 0.6, 0.5],
    ]),
  ]);
  assert.deepEqual(arms, ["a", "b"]);
  assert.deepEqual(rates, [
    [null, 2.5 / 4],
    [1.5 / 4, null],
  ]);
  assert.deepEqual(pairs, [
    [0, 4],
    [4, 0],
  ]);
});

test("only what two arms share is counted: the same seed with the same number of labels", () => {
  const short = madeArm("short", [[0.4, 0.7]]);
  const long = madeArm("long", [
    [0.4, 0.5, 0.9],
    [0.4, 0.9, 0.9],
  ]);
  const other = { ...madeArm("other", []), seeds: [{ seed: 9, cycles: long.seeds[0]!.cycles }] };
  const { rates, pairs } = winRates([short, long, other]);
  assert.deepEqual(pairs[0], [0, 1, 0]);
  assert.deepEqual(rates[0], [null, 1, null]);
});

test("one cycle, in which nothing was chosen, gives no rate", () => {
  assert.deepEqual(winRates([madeArm("a", [[0.4]]), madeArm("b", [[0.5]])]).rates, [
    [null, null],
    [null, null],
  ]);
});
