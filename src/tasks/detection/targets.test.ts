import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import { createRandom } from "../../core/random.ts";
import { decodeBox, encodeBox } from "./offsets.ts";
import { createPriors, ssd300Maps } from "./priors.ts";
import { detectionTargets } from "./targets.ts";
import { assertNear, fixture, smallPriors } from "./testing/fixture.ts";

const size = { width: 1, height: 1 };

describe("targets", () => {
  fixture.matching.forEach(({ objects, leastOverlap, classes, rows }, i) => {
    test(`of ${objects.length} objects at overlap ${leastOverlap} are the independent ones (case ${i})`, () => {
      const label: DetectionLabel = {
        size,
        objects: objects.map(([left, top, right, bottom, classIndex, kind]) => ({
          ...{ left, top, right, bottom, classIndex },
          ...(kind === "plain" ? {} : { [kind]: true }),
        })),
      };
      const targets = detectionTargets(smallPriors, [label], { leastOverlap });
      assert.deepEqual([...targets.classes], classes);
      const expected = new Float64Array(targets.offsets.length);
      for (const [prior, ...offsets] of rows) expected.set(offsets, 4 * prior!);
      assertNear(targets.offsets, expected, 1e-4);
    });
  });

  const plain: ObjectLabel = { classIndex: 2, left: 10, top: 10, right: 30, bottom: 20 };

  test("do not depend on the size of the picture, only on the shares of its sides", () => {
    const wide = { size: { width: 100, height: 50 }, objects: [plain] };
    const square = { size, objects: [{ classIndex: 2, left: 0.1, top: 0.2, right: 0.3, bottom: 0.4 }] };
    const [a, b] = [wide, square].map((label) => detectionTargets(smallPriors, [label]));
    assert.deepEqual(a!.classes, b!.classes);
    assertNear(a!.offsets, b!.offsets, 1e-5);
  });

  test("of several pictures lie one after another", () => {
    const busy = { size: { width: 64, height: 64 }, objects: [plain] };
    const empty = { size, objects: [] };
    const { classes, offsets } = detectionTargets(smallPriors, [empty, busy, empty]);
    const count = smallPriors.length / 4;
    assert.ok(classes.subarray(0, count).every((c) => c === 0) && classes.subarray(2 * count).every((c) => c === 0));
    assert.deepEqual(classes.slice(count, 2 * count), detectionTargets(smallPriors, [busy]).classes);
    assert.ok(offsets.subarray(4 * count, 8 * count).some((value) => value !== 0));
  });

  test("give every object a prior of its own, even where many lie on one spot", () => {
    const objects = Array.from({ length: 12 }, (_, i) => ({ ...plain, classIndex: i, left: 10 + i / 16 }));
    const { classes } = detectionTargets(smallPriors, [{ size: { width: 64, height: 64 }, objects }]);
    for (let index = 0; index < 12; index++) assert.ok(classes.includes(1 + index), `object ${index} has no prior`);
  });

  test("count priors on a difficult object as background where that is asked for", () => {
    const label = { size: { width: 64, height: 64 }, objects: [{ ...plain, left: 8, bottom: 32, difficult: true }] };
    assert.ok(detectionTargets(smallPriors, [label]).classes.includes(-1));
    const { classes } = detectionTargets(smallPriors, [label], { leftOut: "background" });
    assert.ok(classes.every((c) => c === 0));
  });

  test("refuse an object without area, by picture and place", () => {
    const label = { size, objects: [{ ...plain, right: 10 }] };
    assert.throws(() => detectionTargets(smallPriors, [label, label]), /picture 0: the box 10, 10, 10, 20/);
  });
});

test("decoding an encoded box gives it back, for any box and prior", () => {
  const random = createRandom(4, "boxes");
  const priors = createPriors(300, ssd300Maps);
  for (let i = 0; i < 2000; i++) {
    const [left, top] = [random.next() * 0.9, random.next() * 0.9];
    const boxes = Float64Array.of(
      left,
      top,
      left + 1e-3 + random.next() * (0.999 - left),
      top + 1e-3 + random.next() * (0.999 - top),
    );
    const p = random.integer(8732);
    const offsets = new Float32Array(priors.length);
    encodeBox(boxes, 0, priors, p, offsets);
    const back = new Float64Array(4);
    decodeBox(offsets, priors, p, back, 0);
    assertNear(back, boxes, 2e-6);
  }
});
