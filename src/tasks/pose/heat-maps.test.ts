import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "../../core/affine.ts";
import { cropOf } from "../../core/person-crop.ts";
import { decodePoses, inPicture } from "./decode.ts";
import { heatMapLosses } from "./heat-map-loss.ts";
import { mergeMirrored } from "./heat-maps.ts";
import { poseTargets } from "./targets.ts";
import { fixture, heatMapsOf, labels } from "./testing/pose-fixture.ts";
import { peakHeights, poseUncertainty } from "./uncertainty.ts";

const { settings } = fixture;
const maps = heatMapsOf(fixture.maps4096.map((value) => value / 4096));
const options = { mapPx: settings.side, sigma: settings.sigma };

function assertNear(actual: ArrayLike<number>, expected: readonly number[], bound: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) <= bound, `${i}: ${actual[i]} for ${value}`);
  });
}

test("targets are Gaussians around the exact places, and shares those of the labelled joints in the crop", () => {
  const { heatMaps, shares } = poseTargets(labels, options);
  assertNear(heatMaps, fixture.targets.heatMaps, 1e-6);
  assertNear(shares, fixture.targets.shares, 1e-7);
});

test("decoding finds the peaks in picture pixels, as NumPy does", () => {
  const found = decodePoses(maps).map((joints, person) => inPicture(joints, labels[person]!.box));
  const joints = found.flatMap((person) => person.flatMap(({ x, y, score }) => [x, y, score]));
  assertNear(joints, fixture.decoded, 1e-5);
});

test("decoding the targets of a person gives its joints back to half a pixel of the heat map", () => {
  const mapPx = 48;
  const inside = labels.slice(0, 3);
  const { heatMaps, shares } = poseTargets(inside, { mapPx, sigma: 1.5 });
  const [first] = inside;
  const joints = first!.joints.length;
  const drawn = { count: 3, joints, height: mapPx, width: mapPx, values: heatMaps };
  const found = decodePoses(drawn).map((joints, person) => inPicture(joints, inside[person]!.box));
  let seen = 0;
  inside.forEach(({ box, joints: places }, person) => {
    const { a: pixelsPerPixel } = cropOf(box, mapPx);
    places.forEach(({ x, y }, j) => {
      if (shares[person * joints + j] === 0) return;
      const at = found[person]![j]!;
      assert.ok(Math.max(Math.abs(at.x - x), Math.abs(at.y - y)) * pixelsPerPixel <= 0.5 + 1e-9);
      seen++;
    });
  });
  assert.ok(seen >= 5, `only ${seen} joints lie in their crops`);
});

test("the crop is a square around the box, a quarter longer than its longer side", () => {
  const map = cropOf({ left: 10, top: 20, right: 50, bottom: 100 }, 64);
  const corner = (x: number, y: number) =>
    Object.values(moved(map, x, y)).map((value) => Math.round(value * 1e9) / 1e9);
  assert.deepEqual(corner(30, 60), [32, 32]);
  assert.deepEqual(corner(-20, 10), [0, 0]);
  assert.deepEqual(corner(80, 110), [64, 64]);
  assert.throws(() => cropOf({ left: 5, top: 5, right: 5, bottom: 5 }, 64), /has no size/);
});

test("maps of a mirrored picture are turned back, left and right swapped, and averaged", () => {
  const mirrored = heatMapsOf(fixture.mirrored4096.map((value) => value / 4096));
  assertNear(mergeMirrored(maps, mirrored, settings.mirrorOf).values, fixture.merged, 1e-6);
});

test("a joint without a label and a person without any count nothing in the loss", () => {
  const targets = poseTargets(labels, options);
  const off = heatMapsOf(fixture.targets.heatMaps);
  const losses = heatMapLosses([off, off], targets);
  assert.ok(losses.every((loss) => loss < 1e-10));
  const spoilt = { ...off, values: off.values.map((value, i) => value + (shareAt(targets.shares, i) === 0 ? 9 : 0)) };
  assert.deepEqual([...heatMapLosses([spoilt, off], targets)], [...losses]);
  const wrong = { ...off, values: off.values.map((value) => value + 1) };
  assertNear(heatMapLosses([wrong, off], targets), [1, 1, 1, 0], 1e-5);
});

function shareAt(shares: Float32Array, position: number): number {
  return shares[Math.floor(position / settings.side ** 2)]!;
}

test("entropy, multi-peak entropy, margin and least confidence are NumPy's", () => {
  const plain = poseUncertainty(maps, "heat-map");
  assertNear(plain.entropy, fixture.uncertainty.entropy, 1e-5);
  assertNear(plain.margin, fixture.uncertainty.margin, 1e-5);
  assertNear(plain.leastConfidence, fixture.uncertainty.leastConfidence, 1e-5);
  assertNear(poseUncertainty(maps, "multi-peak").entropy, fixture.uncertainty.multiPeakEntropy, 1e-5);
});

test("peaks lie apart, and of equal ones side by side the first is taken", () => {
  const width = 32;
  const map = new Float32Array(width * width);
  const put = (x: number, y: number, height: number) => {
    map[y * width + x] = height;
  };
  put(0, 0, 0.9);
  put(5, 5, 0.8);
  put(12, 0, 0.7);
  put(20, 20, 0.6);
  put(21, 20, 0.6);
  assert.deepEqual(
    peakHeights(map, width).map((height) => height.toFixed(1)),
    ["0.9", "0.7", "0.6"],
  );
  assert.deepEqual(peakHeights(new Float32Array(9).fill(2), 3), [2]);
});

test("a sharper heat map is less uncertain by every signal", () => {
  const map = (heights: readonly (readonly [number, number])[]) => {
    const values = new Float32Array(16 * 16);
    for (const [at, height] of heights) values[at] = height;
    return { count: 1, joints: 1, height: 16, width: 16, values };
  };
  const sure = map([[17, 1]]);
  const torn = map([
    [17, 0.6],
    [200, 0.5],
  ]);
  for (const kind of ["heat-map", "multi-peak"] as const) {
    const [a, b] = [sure, torn].map((maps) => poseUncertainty(maps, kind));
    for (const signal of ["entropy", "margin", "leastConfidence"] as const) {
      assert.ok(a![signal][0]! < b![signal][0]!, `${kind} ${signal}: ${a![signal][0]} and ${b![signal][0]}`);
    }
  }
});
