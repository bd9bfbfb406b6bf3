import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { PoseLabel } from "../core/labels.ts";
import { cropOf, moveJoints } from "../core/person-crop.ts";
import { createRandom } from "../core/random.ts";
import { augmentPoses, type PoseAugmentation } from "./augment-poses.ts";
import { warp } from "./warp.ts";

const { warp: stored } = JSON.parse(
  readFileSync(new URL("../../test/fixtures/pose.json", import.meta.url), "utf8"),
) as { warp: { width: number; height: number; into: number; back: number[]; picture: number[]; result: number[] } };

test("warping samples between pixels and has black outside, as NumPy's plain definition", () => {
  const [a, b, c, d, e, f] = stored.back as [number, number, number, number, number, number];
  const into = new Uint8Array(3 * stored.into ** 2);
  const { width, height } = stored;
  const side = { width: stored.into, height: stored.into };
  warp({ bytes: Uint8Array.from(stored.picture), width, height }, { bytes: into, ...side }, { a, b, c, d, e, f });
  stored.result.forEach((value, i) => {
    assert.ok(Math.abs(into[i]! - value) <= 0.5 + 1e-9, `${i}: ${into[i]} for ${value}`);
  });
});

const sidePx = 64;
const label: PoseLabel = {
  size: { width: 200, height: 150 },
  box: { left: 40, top: 30, right: 100, bottom: 110 },
  joints: [
    { x: 58, y: 62, visibility: 2 },
    { x: 86, y: 70, visibility: 1 },
    { x: 0, y: 0, visibility: 0 },
  ],
  headPx: 12,
};
const mirrorOf = [1, 0, 2];
const still: PoseAugmentation = { scale: 0, rotationDegrees: 0, flip: false, colour: 0 };

/** A crop with a soft dot of its own colour channel at each of the first two joints. */
function crop(): Uint8Array {
  const bytes = new Uint8Array(3 * sidePx * sidePx);
  moveJoints(label.joints, cropOf(label.box, sidePx))
    .slice(0, 2)
    .forEach(({ x, y }, c) => {
      for (let i = 0; i < sidePx * sidePx; i++) {
        const squares = ((i % sidePx) + 0.5 - x) ** 2 + (Math.floor(i / sidePx) + 0.5 - y) ** 2;
        bytes[c * sidePx * sidePx + i] = Math.round(200 * Math.exp(-squares / 8));
      }
    });
  return bytes;
}

/** Centre of brightness of a channel. */
function dot(bytes: Uint8Array, channel: number): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < sidePx * sidePx; i++) {
    const weight = bytes[channel * sidePx * sidePx + i]!;
    sum += weight;
    x += weight * ((i % sidePx) + 0.5);
    y += weight * (Math.floor(i / sidePx) + 0.5);
  }
  return { x: x / sum, y: y / sum };
}

function augmented(augmentation: PoseAugmentation, seed: number) {
  const into = new Uint8Array(3 * sidePx * sidePx);
  const [moved] = augmentPoses(crop(), into, [label], { sidePx, mirrorOf }, augmentation, createRandom(seed));
  return { into, moved: moved! };
}

test("picture and joints move together, and left and right swap where the picture is mirrored", () => {
  let mirrored = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { into, moved } = augmented({ scale: 0.25, rotationDegrees: 30, flip: true, colour: 0 }, seed);
    const places = moveJoints(moved.joints, cropOf(moved.box, sidePx));
    // A mirror brings the dot of joint 0 to where joint 1 of the new label is.
    const swapped = Math.hypot(dot(into, 0).x - places[0]!.x, dot(into, 0).y - places[0]!.y) > 1;
    mirrored += swapped ? 1 : 0;
    for (const channel of [0, 1]) {
      const joint = places[swapped ? mirrorOf[channel]! : channel]!;
      const { x, y } = dot(into, channel);
      assert.ok(Math.hypot(x - joint.x, y - joint.y) < 0.3, `seed ${seed}: dot at ${x}, ${y}`);
    }
    assert.deepEqual(moved.joints[2], label.joints[2]);
    assert.deepEqual(moved.joints.map(({ visibility }) => visibility).slice(0, 2), swapped ? [1, 2] : [2, 1]);
    assert.deepEqual(moved.box, label.box);
  }
  assert.ok(mirrored > 15 && mirrored < 45, `${mirrored} of 60 mirrored`);
});

test("nothing moves when nothing is asked for", () => {
  const { into, moved } = augmented(still, 1);
  assert.deepEqual(into, crop());
  moved.joints.forEach((joint, j) => {
    assert.ok(Math.hypot(joint.x - label.joints[j]!.x, joint.y - label.joints[j]!.y) < 1e-9);
  });
});

test("colour multiplies each channel by a number of its own", () => {
  const { into } = augmented({ ...still, colour: 0.2 }, 3);
  const brightest = (bytes: Uint8Array, c: number) =>
    Math.max(...bytes.subarray(c * sidePx ** 2, (c + 1) * sidePx ** 2));
  const factors = [0, 1].map((c) => brightest(into, c) / brightest(crop(), c));
  assert.ok(factors.every((factor) => factor > 0.79 && factor < 1.21) && factors[0] !== factors[1]);
});

test("the same stream gives the same, and buffers of another size are refused", () => {
  const all: PoseAugmentation = { scale: 0.25, rotationDegrees: 30, flip: true, colour: 0.2 };
  assert.deepEqual(augmented(all, 7), augmented(all, 7));
  const short = new Uint8Array(5);
  assert.throws(
    () => augmentPoses(short, short, [label], { sidePx, mirrorOf }, all, createRandom(0)),
    /5 bytes into 5/,
  );
});
