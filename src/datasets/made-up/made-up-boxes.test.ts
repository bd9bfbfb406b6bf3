import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../core/random.ts";
import { openDataset } from "../open-dataset.ts";
import { type BoxModeName, boxClassNames, boxModeNames, commonClasses, composeBoxes } from "./compose-boxes.ts";
import type { Scene } from "./scene.ts";

const open = (recipe: { seed?: number; train?: number; test?: number; sidePx?: 64 | 96 } = {}) =>
  openDataset({ kind: "made-up-boxes", seed: 0, train: 200, test: 50, sidePx: 64, ...recipe }, { dataFolder: null });

const objectsOf = (scene: Scene) => scene.objects.filter(({ classIndex }) => classIndex >= 0);
const scenes = (mode: BoxModeName, sidePx = 64) =>
  Array.from({ length: 40 }, (_, i) => composeBoxes(i % commonClasses, mode, sidePx, createRandom(i, mode)));

describe("made-up data set with boxes", () => {
  test("is the same from the same seed, pictures and boxes, and another from another", async () => {
    const [first, again, other] = [await open(), await open(), await open({ seed: 1 })];
    assert.deepEqual(first.train.labels, again.train.labels);
    assert.equal(first.digest, again.digest);
    assert.notEqual(first.digest, other.digest);
    const pixels = [first, again].map(() => new Uint8Array(3 * 64 * 64));
    await first.train.read(Uint32Array.of(7), pixels[0]!);
    await again.train.read(Uint32Array.of(7), pixels[1]!);
    assert.deepEqual(pixels[0], pixels[1]);
  });

  test("is mostly easy to choose from, and tests on every mode equally often", async () => {
    const { train, test: held } = await open();
    const count = (modes: readonly string[], mode: string) => modes.filter((name) => name === mode).length;
    assert.deepEqual(
      boxModeNames.map((mode) => count(train.modes!, mode)),
      [152, 12, 12, 12, 12],
    );
    assert.deepEqual(
      boxModeNames.map((mode) => count(held.modes!, mode)),
      [10, 10, 10, 10, 10],
    );
  });

  test("shows its rare class in its own mode only, once in each of its pictures", async () => {
    const { train, test: held, classNames } = await open();
    const rare = classNames.length - 1;
    for (const { modes, labels } of [train, held]) {
      for (const [i, { objects }] of [...labels].entries()) {
        const count = objects.filter(({ classIndex }) => classIndex === rare).length;
        assert.equal(count, modes![i] === "rare-class" ? 1 : 0);
      }
    }
  });

  for (const sidePx of [64, 96] as const) {
    test(`has boxes inside its pictures of ${sidePx} pixels, and pictures that show something in them`, async () => {
      const { train, imageSize } = await open({ sidePx, train: 30 });
      assert.deepEqual(imageSize, { width: sidePx, height: sidePx, channels: 3 });
      const pixels = new Uint8Array(30 * 3 * sidePx ** 2);
      await train.read(Uint32Array.from(train.ids.keys()), pixels);
      for (const { size, objects } of train.labels) {
        assert.deepEqual(size, { width: sidePx, height: sidePx });
        assert.ok(objects.length >= 1);
        for (const { left, top, right, bottom, classIndex } of objects) {
          assert.ok(left >= 0 && top >= 0 && right <= sidePx && bottom <= sidePx && right > left && bottom > top);
          assert.ok(classIndex >= 0 && classIndex < boxClassNames.length);
        }
      }
      const brightness = (i: number, x: number, y: number) =>
        [0, 1, 2].reduce(
          (sum, c) => sum + pixels[(3 * i + c) * sidePx ** 2 + Math.floor(y) * sidePx + Math.floor(x)]!,
          0,
        );
      const contrasts = [...train.labels].map(({ objects: [first] }, i) => {
        const { left, top, right, bottom } = first!;
        return (
          brightness(i, (left + right) / 2, (top + bottom) / 2) -
          brightness(i, Math.max(0, left - 1), Math.max(0, top - 1))
        );
      });
      assert.ok(contrasts.reduce((sum, value) => sum + value) / 30 > 100, `${contrasts}`);
    });
  }
});

describe("scenes with boxes", () => {
  test("make each hard mode hard in its own way", () => {
    const each = (mode: BoxModeName, measure: (scene: Scene) => number) => scenes(mode).map(measure);
    const largest = (scene: Scene) => Math.max(...objectsOf(scene).map(({ scalePx }) => scalePx));
    const smallest = (scene: Scene) => Math.min(...objectsOf(scene).map(({ scalePx }) => scalePx));
    const count = (scene: Scene) => objectsOf(scene).length;
    assert.ok(Math.max(...each("small", largest)) < Math.min(...each("easy", smallest)));
    assert.ok(Math.max(...each("easy", count)) <= 2 && Math.min(...each("crowded", count)) >= 4);
    const bars = (scene: Scene) => scene.objects.length - 1 - scene.objects.findLastIndex((o) => o.classIndex >= 0);
    assert.deepEqual([...new Set(each("easy", bars))], [0]);
    for (const scene of scenes("occluded")) assert.equal(bars(scene), count(scene));
  });

  test("keep objects apart, but for crowds, where they overlap in part", () => {
    const overlaps = (mode: BoxModeName) =>
      scenes(mode).flatMap((scene) => {
        const boxes = objectsOf(scene).map(({ box }) => box);
        return boxes.flatMap((a, i) =>
          boxes.slice(i + 1).map((b) => {
            const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            return width > 0 && height > 0 ? width * height : 0;
          }),
        );
      });
    for (const mode of ["easy", "small", "occluded", "rare-class"] as const)
      assert.equal(Math.max(...overlaps(mode)), 0);
    assert.ok(overlaps("crowded").filter((area) => area > 0).length > 10);
  });
});
