import assert from "node:assert/strict";
import { test } from "node:test";
import { createPriors, priorsPerCell, spacedMaps, ssd300Maps, ssd300SidePx } from "./priors.ts";
import { assertNear, fixture, smallMaps, smallPriors } from "./testing/fixture.ts";

test("the priors of SSD300 are 8,732, torchvision's with their centres kept inside, in its order", () => {
  const priors = createPriors(ssd300SidePx, ssd300Maps);
  assert.equal(priors.length / 4, 8732);
  assert.equal(fixture.priors.count, 8732);
  const sums = [0, 0, 0, 0];
  priors.forEach((value, i) => {
    sums[i % 4]! += value;
  });
  assertNear(sums, fixture.priors.sums, 1e-3);
  fixture.priors.every211th.forEach((row, i) => {
    assertNear(priors.subarray(844 * i, 844 * i + 4), row, 1e-6);
  });
});

test("the priors of a small net are torchvision's", () => {
  assertNear(createPriors(fixture.small.sidePx, smallMaps), smallPriors, 1e-6);
});

test("no prior of SSD300 is larger than the picture, though the formula asks for more", () => {
  const priors = createPriors(ssd300SidePx, ssd300Maps);
  const last = priors.subarray(4 * 8728);
  const root = Math.sqrt(2);
  assertNear(
    last,
    [
      [0.88, 0.88],
      [Math.sqrt(0.88 * 1.05), Math.sqrt(0.88 * 1.05)],
      [1, 0.88 / root],
      [0.88 / root, 1],
    ].flatMap((sizes) => [0.5, 0.5, ...sizes]),
    1e-6,
  );
});

test("a cell of a map holds two squares and two of every ratio", () => {
  assert.deepEqual(ssd300Maps.map(priorsPerCell), [4, 6, 6, 6, 4, 4]);
});

test("spaced maps go evenly from the smallest to the largest size", () => {
  const maps = spacedMaps({ sidePx: 200, cells: [25, 13, 7], smallest: 0.1, largest: 0.9, ratios: [2] });
  assertNear(
    maps.flatMap(({ minPx, maxPx, stepPx }) => [minPx, maxPx, stepPx]),
    [20, 100, 8, 100, 180, 200 / 13, 180, 260, 200 / 7],
    1e-9,
  );
  const [only] = spacedMaps({ sidePx: 64, cells: [4], smallest: 0.25, largest: 0.5, ratios: [] });
  assert.deepEqual(only, { cells: 4, stepPx: 16, minPx: 16, maxPx: 32, ratios: [] });
});

test("a map with figures that cannot be is refused by name", () => {
  const map = { ...ssd300Maps[0]!, minPx: 0 };
  assert.throws(() => createPriors(300, [ssd300Maps[0]!, map]), /createPriors: map 1 is .*"minPx":0/);
});
