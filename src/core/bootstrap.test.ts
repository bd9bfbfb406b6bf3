import assert from "node:assert/strict";
import { test } from "node:test";
import { percentileBounds, resample } from "./bootstrap.ts";
import { createRandom } from "./random.ts";

test("a draw has as many positions as there are, with replacement, each about equally often, the same for one seed", () => {
  const draws = resample(5, 2000, createRandom(3));
  assert.ok(draws.every((draw) => draw.length === 5 && draw.every((position) => position < 5)));
  assert.ok(draws.some((draw) => new Set(draw).size < 5));
  const times = [0, 0, 0, 0, 0];
  for (const draw of draws) for (const position of draw) times[position]!++;
  for (const count of times) assert.ok(Math.abs(count - 2000) < 5 * Math.sqrt(10_000 * 0.2 * 0.8), `${times}`);
  assert.deepEqual(resample(5, 2000, createRandom(3)), draws);
});

test("the bounds are the values that leave a fortieth beyond them on each side", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(percentileBounds(hundred), { low: 3, high: 98 });
  assert.deepEqual(percentileBounds(hundred, 0.1), { low: 10, high: 91 });
  const twoThousand = Array.from({ length: 2000 }, (_, i) => i + 1);
  assert.deepEqual(percentileBounds(twoThousand), { low: 50, high: 1951 });
  assert.deepEqual(percentileBounds([7]), { low: 7, high: 7 });
});

test("infinite values count as the highest, and no value or one that is no number is refused", () => {
  const some = [...Array.from({ length: 97 }, () => 1), ...Array.from({ length: 3 }, () => Number.POSITIVE_INFINITY)];
  assert.deepEqual(percentileBounds(some), { low: 1, high: Number.POSITIVE_INFINITY });
  assert.throws(() => percentileBounds([]), /no values/);
  assert.throws(() => percentileBounds([1, Number.NaN, 2]), /not a number/);
});
