import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../core/random.ts";
import type { Split } from "../dataset.ts";
import { openDataset } from "../open-dataset.ts";
import { composeScene, labelledObjects, modeNames, sidePx } from "./compose.ts";
import { rasterise } from "./rasterise.ts";
import { placeObject, type Scene, type SceneObject } from "./scene.ts";
import { classNames, classOutline, rectangle } from "./shapes.ts";

const open = (recipe: { seed?: number; train?: number; test?: number } = {}) =>
  openDataset({ kind: "made-up", seed: 0, train: 300, test: 96, ...recipe }, { dataFolder: null });

async function allPixels(split: Split): Promise<Uint8Array> {
  const into = new Uint8Array(split.ids.length * 3 * sidePx * sidePx);
  await split.read(Uint32Array.from(split.ids.keys()), into);
  return into;
}

function countBy<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("made-up data set", () => {
  test("is the same from the same seed, byte for byte, and another from another", async () => {
    const [first, again, other] = [await open(), await open(), await open({ seed: 1 })];
    assert.deepEqual(await allPixels(first.train), await allPixels(again.train));
    assert.deepEqual(first.train.labels, again.train.labels);
    assert.equal(first.digest, again.digest);
    assert.notEqual(first.digest, other.digest);
  });

  test("has a training part that is mostly easy and holds every hard mode equally often", async () => {
    const counts = countBy((await open({ train: 1000 })).train.modes!);
    assert.equal(counts.get("easy"), 760);
    for (const mode of modeNames.slice(1)) assert.equal(counts.get(mode), 48);
  });

  test("has a test part balanced over modes and classes", async () => {
    const { test: held } = await open({ test: 480 });
    const cells = countBy(held.modes!.map((mode, i) => `${mode} ${classNames[held.labels[i]!]}`));
    assert.equal(cells.size, modeNames.length * classNames.length);
    for (const [cell, count] of cells) assert.equal(count, 10, cell);
  });

  test("has balanced classes and shuffled modes", async () => {
    const { train } = await open({ train: 1000 });
    for (const count of countBy(train.labels).values()) assert.ok(count >= 120 && count <= 130, `${count}`);
    const firstHalf = train.modes!.slice(0, 500).filter((mode) => mode === "easy").length;
    assert.ok(firstHalf > 340 && firstHalf < 420, `${firstHalf} of 760 easy items in the first half`);
  });

  test("names items by their number and draws no picture twice, also not across the parts", async () => {
    const data = await open();
    assert.deepEqual(data.train.ids.slice(0, 2), ["train/00000", "train/00001"]);
    assert.equal(data.test.ids.at(-1), "test/00095");
    const pictures = new Set<string>();
    for (const part of [data.train, data.test]) {
      const pixels = await allPixels(part);
      part.ids.forEach((_, i) => {
        pictures.add(Buffer.from(pixels.subarray(i * 3072, (i + 1) * 3072)).toString("base64"));
      });
    }
    assert.equal(pictures.size, 396);
  });

  test("states mean and deviation of its own training pictures", async () => {
    const { train, normalisation } = await open();
    const pixels = await allPixels(train);
    for (let channel = 0; channel < 3; channel++) {
      const values = [...pixels].filter((_, i) => Math.floor(i / 1024) % 3 === channel).map((byte) => byte / 255);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      assert.ok(Math.abs(normalisation.mean[channel]! - mean) < 1e-9);
      assert.ok(Math.abs(normalisation.deviation[channel]! - Math.sqrt(variance)) < 1e-9);
    }
  });
});

describe("scenes", () => {
  const scenes = modeNames.flatMap((mode) =>
    classNames.flatMap((_, classIndex) =>
      [0, 1, 2].map((i) => ({
        mode,
        classIndex,
        scene: composeScene(classIndex, mode, createRandom(i, mode, classIndex)),
      })),
    ),
  );
  const objectOf = (scene: Scene) => labelledObjects(scene)[0]!;

  test("hold one object of their class, and its box lies in the picture", () => {
    for (const { scene, classIndex } of scenes) {
      assert.equal(labelledObjects(scene).length, 1);
      const { box, classIndex: found } = objectOf(scene);
      assert.equal(found, classIndex);
      assert.ok(box.left >= 1 && box.top >= 1 && box.right <= sidePx - 1 && box.bottom <= sidePx - 1);
      assert.ok(box.right - box.left > 4 && box.bottom - box.top > 4);
    }
  });

  test("make each hard mode hard in its own way", () => {
    const easiest = (mode: string, measure: (scene: Scene) => number) =>
      scenes.filter((s) => s.mode === mode).map((s) => measure(s.scene));
    const scale = (scene: Scene) => objectOf(scene).scalePx;
    assert.ok(Math.max(...easiest("small", scale)) < Math.min(...easiest("easy", scale)));
    const lightness = (scene: Scene) => {
      const behind = [0, 1, 2].map((c) => (scene.background.from[c]! + scene.background.to[c]!) / 2);
      return Math.max(...behind.map((value, c) => objectOf(scene).colour[c]! - value));
    };
    assert.ok(Math.max(...easiest("low-contrast", lightness)) < Math.min(...easiest("easy", lightness)));
    const after = (scene: Scene) => scene.objects.length - 1 - scene.objects.indexOf(objectOf(scene));
    assert.deepEqual([...new Set(easiest("occluded", after))], [1]);
    assert.deepEqual([...new Set(easiest("easy", after))], [0]);
    const before = (scene: Scene) => scene.objects.indexOf(objectOf(scene));
    assert.ok(Math.min(...easiest("cluttered", before)) >= 10 && Math.max(...easiest("easy", before)) <= 1);
  });

  test("bring the two classes of a family together at their border", () => {
    for (let first = 0; first < classNames.length; first += 2) {
      assert.deepEqual(classOutline(first, 0), classOutline(first + 1, 0));
      assert.notDeepEqual(classOutline(first, 0.2), classOutline(first + 1, 0.2));
    }
    assert.throws(() => classOutline(classNames.length, 0), RangeError);
  });
});

describe("rasterise", () => {
  const black = {
    from: [0, 0, 0],
    to: [0, 0, 0],
    direction: 0,
    stripes: { strength: 0, wavelengthPx: 8, direction: 0 },
  } as const;
  const draw = (objects: SceneObject[], noise = 0) => {
    const into = new Uint8Array(3 * sidePx * sidePx);
    rasterise({ sidePx, background: black, objects, noise }, createRandom(0), into);
    return into;
  };
  const placed = (outline: ReturnType<typeof rectangle>, x: number, y: number, rotation = 0, scalePx = 1) =>
    placeObject(outline, { classIndex: 0, centre: { x, y }, scalePx, rotation, colour: [200, 100, 50] });

  test("covers whole pixels wholly and others in part", () => {
    const picture = draw([placed(rectangle(2, 1.5), 10.5, 20)]); // x 8.5..12.5, y 18.5..21.5
    const row = (y: number) => [...picture.subarray(y * 32 + 7, y * 32 + 14)];
    assert.deepEqual(row(20), [0, 100, 200, 200, 200, 100, 0]);
    assert.deepEqual(row(18), [0, 50, 100, 100, 100, 50, 0]);
    assert.deepEqual(row(17), [0, 0, 0, 0, 0, 0, 0]);
    assert.equal(picture[1024 + 20 * 32 + 10], 100);
    assert.equal(picture[2048 + 20 * 32 + 10], 50);
  });

  test("paints as much as the outline's area, wherever and however it is turned", () => {
    for (const rotation of [0, 0.3, 1, 2.5]) {
      for (const [x, y] of [
        [16, 16],
        [13.3, 17.8],
      ] as const) {
        const picture = draw([placed(rectangle(0.9, 0.5), x, y, rotation, 8)]);
        const area = picture.subarray(0, 1024).reduce((sum, byte) => sum + byte, 0) / 200;
        assert.ok(Math.abs(area - 4 * 0.9 * 0.5 * 64) < 1.5, `${area} at rotation ${rotation}`);
      }
    }
  });

  test("leaves holes open and cuts at the picture's edge", () => {
    const ring = draw([placed(classOutline(1, 0.5), 16, 16, 0, 10)]);
    assert.equal(ring[16 * 32 + 16], 0);
    assert.equal(ring[16 * 32 + 23], 200);
    const corner = draw([placed(rectangle(6, 6), 0, 0)]);
    assert.equal(corner.subarray(0, 1024).filter((byte) => byte === 200).length, 36);
  });

  test("adds noise of the stated strength, around zero, to each channel on its own", () => {
    const grey = draw([placed(rectangle(40, 40), 16, 16)], 20);
    const channel = (c: number) =>
      [...grey.subarray(c * 1024, (c + 1) * 1024)].map((byte) => byte - [200, 100, 50][c]!);
    for (const c of [0, 1, 2]) {
      const noise = channel(c);
      assert.ok(Math.max(...noise) === 20 && Math.min(...noise) === -20);
      assert.ok(Math.abs(noise.reduce((sum, v) => sum + v, 0) / 1024) < 1.5);
    }
    assert.notDeepEqual(channel(0), channel(1));
  });
});
