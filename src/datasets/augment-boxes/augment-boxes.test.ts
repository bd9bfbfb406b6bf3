import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Box, DetectionLabel, ObjectLabel } from "../../core/labels.ts";
import { createRandom, type Random } from "../../core/random.ts";
import {
  augmentBoxes,
  type BoxAugmentation,
  paperCrops,
  publishedCodeCrops,
  ssdAugmentation,
} from "./augment-boxes.ts";
import { crop, labelThrough, wholeWindow, zoomOut } from "./window.ts";

const size = { width: 40, height: 30, channels: 3 } as const;
const pixels = 40 * 30;
const fill = [9, 99, 199];
const nothing: BoxAugmentation = { colours: false, zoomOut: 1, crops: [], flip: false };

/** Black with white boxes, so that what a box holds can be told from the bytes. */
function pictureOf({ objects }: DetectionLabel): Uint8Array {
  const bytes = new Uint8Array(3 * pixels);
  for (const { left, top, right, bottom } of objects) {
    for (let row = 0; row < 3 * size.height; row++) {
      const y = row % size.height;
      if (y >= top && y < bottom) bytes.fill(255, row * size.width + left, row * size.width + right);
    }
  }
  return bytes;
}

const one: DetectionLabel = { size, objects: [{ classIndex: 3, left: 12, top: 8, right: 28, bottom: 20 }] };

function randomLabel(random: Random): DetectionLabel {
  const objects = Array.from({ length: random.integer(5) }, (_, classIndex): ObjectLabel => {
    const [left, top] = [random.next() * 35, random.next() * 25];
    return {
      classIndex,
      left,
      top,
      right: left + 1 + random.next() * (39 - left),
      bottom: top + 1 + random.next() * (29 - top),
    };
  });
  return { size, objects };
}

function outcomeOf(label: DetectionLabel, augmentation: BoxAugmentation, random: Random) {
  const from = pictureOf(label);
  const into = new Uint8Array(from.length);
  return { from, into, label: augmentBoxes(from, into, size, label, augmentation, fill, random) };
}

const areaOf = ({ left, top, right, bottom }: Box) => Math.max(right - left, 0) * Math.max(bottom - top, 0);

function overlapOf(a: Box, b: Box): number {
  const shared = areaOf({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  return shared / (areaOf(a) + areaOf(b) - shared);
}

const centreIn = (window: Box, box: Box) =>
  Math.abs((box.left + box.right - window.left - window.right) / 2) < (window.right - window.left) / 2 &&
  Math.abs((box.top + box.bottom - window.top - window.bottom) / 2) < (window.bottom - window.top) / 2;

describe("augmentation with boxes", () => {
  test("copies picture and boxes when nothing is asked for", () => {
    const { from, into, label } = outcomeOf(one, nothing, createRandom(1));
    assert.deepEqual(into, from);
    assert.deepEqual(label, { size: { width: 40, height: 30 }, objects: one.objects });
  });

  test("gives the boxes in pixels of the warped picture, whatever the label was drawn on", () => {
    const large = {
      size: { width: 400, height: 60 },
      objects: [{ classIndex: 1, left: 100, top: 6, right: 200, bottom: 30 }],
    };
    const label = augmentBoxes(pictureOf(one), new Uint8Array(3 * pixels), size, large, nothing, fill, createRandom(1));
    assert.deepEqual(label.objects, [{ classIndex: 1, left: 10, top: 3, right: 20, bottom: 15 }]);
  });

  test("keeps boxes on what they hold, through zooming, cropping and mirroring", () => {
    const random = createRandom(2, "augment");
    let seen = 0;
    for (let i = 0; i < 400; i++) {
      const { into, label } = outcomeOf(one, { ...ssdAugmentation, colours: false }, random);
      for (const { left, top, right, bottom } of label.objects) {
        const [x, y] = [Math.floor((left + right) / 2), Math.floor((top + bottom) / 2)];
        if (right - left < 4 || bottom - top < 4) continue;
        seen++;
        assert.equal(into[y * size.width + x], 255);
        const outside = [Math.floor(left) - 4, Math.ceil(right) + 3]; // edges are soft in a crop
        for (const beside of outside.filter((place) => place >= 0 && place < size.width)) {
          assert.ok(
            [0, fill[0]].includes(into[y * size.width + beside]!),
            `${beside}: ${into[y * size.width + beside]}`,
          );
        }
      }
    }
    assert.ok(seen > 300);
  });

  test("keeps every box inside the picture and with an area, and drops no object's flags", () => {
    const random = createRandom(3, "augment");
    for (let i = 0; i < 500; i++) {
      const drawn = randomLabel(random);
      const flagged = { size, objects: drawn.objects.map((object) => ({ ...object, difficult: true })) };
      const { label } = outcomeOf(flagged, { ...ssdAugmentation, colours: false }, random);
      for (const { left, top, right, bottom, difficult } of label.objects) {
        assert.ok(left >= 0 && top >= 0 && right <= size.width && bottom <= size.height);
        assert.ok(right > left && bottom > top && difficult);
      }
    }
  });

  test("changes the colours of everything that is seen", () => {
    const random = createRandom(11, "augment");
    const plain = new Uint8Array(3 * pixels).map((_, i) => [60, 110, 180][Math.floor(i / pixels)]!);
    const colours = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const into = new Uint8Array(plain.length);
      augmentBoxes(plain, into, size, one, { ...ssdAugmentation, zoomOut: 1 }, fill, random);
      const planes = [0, 1, 2].map((channel) => new Set(into.subarray(channel * pixels, (channel + 1) * pixels)));
      assert.deepEqual(
        planes.map((plane) => plane.size),
        [1, 1, 1],
      );
      colours.add(planes.map((plane) => [...plane].join()).join());
    }
    assert.ok(colours.size > 200);
  });

  test("mirrored twice gives the boxes back", () => {
    const random = createRandom(4);
    const mirror = { ...wholeWindow(size), mirrored: true };
    for (let i = 0; i < 100; i++) {
      const label = randomLabel(random);
      labelThrough(mirror, labelThrough(mirror, label)).objects.forEach((object, k) => {
        for (const edge of ["left", "top", "right", "bottom"] as const) {
          assert.ok(Math.abs(object[edge] - label.objects[k]![edge]) < 1e-9);
        }
      });
    }
  });

  test("mirrors about half of the pictures, zooms out about half", () => {
    const random = createRandom(5);
    const outcomes = Array.from({ length: 1000 }, () => outcomeOf(one, { ...nothing, flip: true, zoomOut: 4 }, random));
    const zoomed = outcomes.filter(({ into }) => into.includes(fill[0]!)).length;
    assert.ok(Math.abs(zoomed - 500) < 60, `${zoomed}`);
    const off = { ...one, objects: [{ ...one.objects[0]!, left: 2, right: 10 }] };
    const mirrored = Array.from({ length: 1000 }, () => outcomeOf(off, { ...nothing, flip: true }, random));
    const count = mirrored.filter(({ label }) => label.objects[0]!.left > 20).length;
    assert.ok(Math.abs(count - 500) < 60, `${count}`);
  });

  test("gives the same from the same stream and leaves its source as it was", () => {
    const of = (seed: number) => outcomeOf(one, ssdAugmentation, createRandom(seed, "augment"));
    assert.deepEqual(of(1), of(1));
    assert.notDeepEqual(of(1).into, of(2).into);
    assert.deepEqual(of(1).from, pictureOf(one));
  });

  test("refuses bytes that are not the picture's", () => {
    const bytes = new Uint8Array(3 * pixels);
    const of = (from: Uint8Array, channels: 1 | 3) => () =>
      augmentBoxes(from, bytes, { ...size, channels }, one, nothing, fill, createRandom(1));
    assert.throws(of(bytes.subarray(1), 3), /3599 bytes into 3600; a picture of 40 x 30 has 3600/);
    assert.throws(of(bytes, 1), /in 3 channels/);
  });
});

describe("a crop", () => {
  const whole = wholeWindow(size);

  for (const way of paperCrops.filter((way) => way !== "whole")) {
    test(`of least overlap ${way} holds some object's centre and overlaps one that much, or is the whole`, () => {
      const random = createRandom(7, way);
      let cropped = 0;
      for (let i = 0; i < 300; i++) {
        const boxes = [...randomLabel(random).objects, { left: 5, top: 4, right: 34, bottom: 27 }];
        const part = crop(whole, boxes, [way], random);
        if (part === whole) continue;
        cropped++;
        assert.ok(part.left >= 0 && part.top >= 0 && part.right <= 40 && part.bottom <= 30);
        assert.ok(boxes.some((box) => centreIn(part, box)));
        assert.ok(boxes.some((box) => overlapOf(part, box) >= way - 1e-12));
        const ratio = (part.right - part.left) / (part.bottom - part.top);
        assert.ok(ratio >= 0.5 - 1e-9 && ratio <= 2 + 1e-9);
      }
      assert.ok(cropped > (way > 0.8 ? 5 : 200), `${cropped} of 300`);
    });
  }

  test("takes every way that is listed, and another one where nothing fits", () => {
    const random = createRandom(8);
    const parts = Array.from({ length: 400 }, () => crop(whole, one.objects, ["whole", 0], random));
    const uncut = parts.filter((part) => part === whole).length;
    assert.ok(Math.abs(uncut - 200) < 40, `${uncut}`);
    const tiny = [{ left: 19, top: 14, right: 20, bottom: 15 }];
    for (let i = 0; i < 20; i++) assert.notEqual(crop(whole, tiny, [0.9, 0], random), whole);
    assert.equal(crop(whole, tiny, [0.9], random), whole);
  });

  test("of a picture without objects may lie anywhere", () => {
    const part = crop(whole, [], [0.9], createRandom(9));
    assert.notEqual(part, whole);
  });

  test("list of the published code is the paper's without 0.5", () => {
    assert.deepEqual(publishedCodeCrops, ["whole", 0.1, 0.3, 0.7, 0.9, 0]);
  });
});

test("zooming out never cuts the picture and goes up to the factor", () => {
  const random = createRandom(10);
  const windows = Array.from({ length: 500 }, () => zoomOut(size, 4, random));
  for (const { left, top, right, bottom } of windows) {
    assert.ok(left <= 0 && top <= 0 && right >= 40 - 1e-9 && bottom >= 30 - 1e-9);
    assert.ok(Math.abs((right - left) / 40 - (bottom - top) / 30) < 1e-9);
  }
  const factors = windows.map(({ left, right }) => (right - left) / 40);
  assert.ok(Math.min(...factors) < 1.05 && Math.max(...factors) > 3.95 && Math.max(...factors) <= 4);
});
