// The highest scores of a stream, against sorting them all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../core/random.ts";
import { highest } from "./scores.ts";
import { topScores } from "./top-scores.ts";

const random = createRandom(4);
/** Many equal ones among them. */
const scores = Float32Array.from({ length: 500 }, () => random.integer(40) / 8 - 2);

test("the highest scores come best first, as sorting gives them", () => {
  for (const count of [0, 1, 7, 499, 500]) {
    const top = topScores(count, createRandom(1));
    top.offer(scores);
    const { positions, scores: kept } = top.best();
    const sorted = scores.slice().sort().reverse().slice(0, count);
    assert.deepEqual([...kept], [...sorted]);
    assert.deepEqual(
      Array.from(positions, (position) => scores[position]),
      [...sorted],
    );
    assert.equal(new Set(positions).size, count);
  }
});

test("parts in any order give the picks of the whole, ties among them", () => {
  const whole = highest(scores, 120, createRandom(3));
  const top = topScores(120, createRandom(3));
  for (const first of [300, 0, 400, 100, 200]) top.offer(scores.subarray(first, first + 100), first);
  assert.deepEqual(top.best().positions, whole);
});

test("a smaller count gives the beginning of the list of a larger one", () => {
  const long = highest(scores, 200, createRandom(5));
  assert.deepEqual(highest(scores, 63, createRandom(5)), long.slice(0, 63));
});

test("every item among equals is as likely to come first, whatever its position", () => {
  const first = new Uint32Array(8);
  for (let seed = 0; seed < 4000; seed++) first[highest(new Float32Array(8), 1, createRandom(seed))[0]!]!++;
  // 500 each are expected; the 0.1 % bound of chi-squared with 7 degrees of freedom is 24.3.
  const chiSquared = first.reduce((sum, times) => sum + (times - 500) ** 2 / 500, 0);
  assert.ok(chiSquared < 24.3, [...first].join(" "));
});
