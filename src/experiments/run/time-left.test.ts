// How far a run is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTimeLeft } from "./time-left.ts";

test("pieces count by their weight, and the time left follows the rate of this session alone", () => {
  let now = 100;
  const left = createTimeLeft(
    new Map([
      ["a", 10],
      ["b", 30],
      ["c", 60],
    ]),
    ["a"],
    () => now,
  );
  assert.deepEqual(left.now(), { share: 0.1, secondsLeft: null });
  now = 115;
  assert.deepEqual(left.reach("b", 0.5), { share: 0.25, secondsLeft: 75 });
  now = 120;
  assert.deepEqual(left.reach("c", 1), { share: 0.85, secondsLeft: 4 });
});

test("a piece that is told twice or from the beginning again does not go backwards", () => {
  const left = createTimeLeft(new Map([["a", 4]]), [], () => 0);
  left.reach("a", 0.75);
  assert.equal(left.reach("a", 0.25).share, 0.75);
  assert.equal(left.reach("a", 1).share, 1);
});

test("a run without anything to do is done", () => {
  assert.equal(createTimeLeft(new Map(), [], () => 0).now().share, 1);
});
