import assert from "node:assert/strict";
import { test } from "node:test";
import { peakProbabilities } from "./peak-probabilities.ts";
import { fixture, heatMapsOf } from "./testing/pose-fixture.ts";

/** Heights at the given pixels of a map of 12 x 12, 0 elsewhere. */
function mapWith(...heights: readonly (readonly [at: number, height: number])[]): Float32Array {
  const map = new Float32Array(144);
  for (const [at, height] of heights) map[at] = height;
  return map;
}

const asMaps = (...maps: readonly Float32Array[]) => ({
  ...{ count: 1, joints: maps.length, height: 12, width: 12 },
  values: Float32Array.from(maps.flatMap((map) => [...map])),
});

function assertNear(actual: Float32Array, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) < 1e-6, `${i}: ${actual[i]} for ${value}`);
  });
}

test("of one joint alone they have the entropy that NumPy gives for the heights of its peaks", () => {
  const { persons, joints } = fixture.settings;
  const maps = heatMapsOf(fixture.maps4096.map((height) => height / 4096));
  const single = { ...maps, count: persons * joints, joints: 1 };
  const { columns, values } = peakProbabilities(single)(single);
  const entropies = Array.from({ length: persons * joints }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0),
  );
  const perPerson = Array.from(
    { length: persons },
    (_, person) => entropies.slice(person * joints, (person + 1) * joints).reduce((a, b) => a + b) / joints,
  );
  assertNear(Float32Array.from(perPerson), fixture.uncertainty.multiPeakEntropy);
});

test("joints are averaged, and places that a map does not have count nothing", () => {
  const two = mapWith([13, Math.log(6)], [140, Math.log(2)]);
  const one = mapWith(...Array.from({ length: 144 }, (_, at) => [at, at === 30 ? 1 : -at / 1000] as const));
  const maps = asMaps(two, one);
  const first = peakProbabilities(asMaps(two))(asMaps(two)).values;
  assert.ok(Math.abs(first[0]! / first[1]! - 3) < 1e-5);
  const both = peakProbabilities(maps)(maps).values;
  assert.ok(Math.abs(both.reduce((a, b) => a + b) - 1) < 1e-6);
  const alone = peakProbabilities(asMaps(one))(asMaps(one)).values;
  assertNear(
    both,
    Array.from(first, (p, k) => (p + alone[k]!) / 2),
  );
});

test("a pass is read at the places where the peaks were", () => {
  const read = peakProbabilities(asMaps(mapWith([13, 2], [140, 1])));
  const moved = read(asMaps(mapWith([13, 0], [140, Math.log(5)]))).values;
  assert.ok(Math.abs(moved[1]! / moved[0]! - 5) < 1e-5, `${moved}`);
});
