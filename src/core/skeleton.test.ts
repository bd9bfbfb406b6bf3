import assert from "node:assert/strict";
import { test } from "node:test";
import { followedBy, inverse, moved } from "./affine.ts";
import { skeletonOf } from "./skeleton.ts";

test("joints of the two sides swap by their names, however the side is written", () => {
  const names = ["nose", "left_eye", "right_eye", "Knee-L", "Knee-R", "LeftHip", "RightHip", "l wrist", "r wrist"];
  assert.deepEqual(skeletonOf(names, [], "here").mirrorOf, [0, 2, 1, 4, 3, 6, 5, 8, 7]);
  assert.deepEqual(skeletonOf(["cleft", "head_top", "upper_neck"], [], "here").mirrorOf, [0, 1, 2]);
});

test("a side without its counterpart, a name twice and a bone to nowhere are errors", () => {
  assert.throws(() => skeletonOf(["left_eye", "right_ear"], [], "a.json"), /a\.json: joint "left_eye".*"right_eye"/);
  assert.throws(() => skeletonOf(["nose", "nose"], [], "a.json"), /two joints are named "nose"/);
  assert.throws(() => skeletonOf(["nose"], [[0, 1]], "a.json"), /a bone joins joints 0 and 1 of 1/);
});

test("maps follow each other and can be taken back", () => {
  const turn = { a: 0.6, b: -0.8, c: 3, d: 0.8, e: 0.6, f: -2 };
  const stretch = { a: 2, b: 0.5, c: 1, d: 0, e: 3, f: 4 };
  const both = followedBy(turn, stretch);
  const { x, y } = moved(turn, 5, 7);
  const there = moved(both, 5, 7);
  const assertAt = (place: { x: number; y: number }, other: { x: number; y: number }) =>
    assert.ok(Math.hypot(place.x - other.x, place.y - other.y) < 1e-12, JSON.stringify([place, other]));
  assertAt(there, moved(stretch, x, y));
  assertAt(moved(inverse(both), there.x, there.y), { x: 5, y: 7 });
  assert.throws(() => inverse({ a: 1, b: 2, c: 0, d: 2, e: 4, f: 0 }), /flattens/);
});
