import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { ObjectLabel } from "../../core/labels.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { labelFolder, plainPicture } from "../label-folder/testing/label-folder.ts";
import { type BoxFormat, boxFormats } from "./open-labels.ts";
import type { BoxPicture } from "./survey-boxes.ts";
import { survey } from "./testing/box-survey.ts";
import { type PictureToWrite, writeBoxes } from "./write-boxes.ts";
import { cocoResults } from "./write-coco.ts";
import { vocXml } from "./write-voc.ts";
import { yoloText } from "./write-yolo.ts";

const classNames = ["cat", "Katze & Maus", '<"dog">', "it's", "消防栓", "a: b #c", "007", "~"];
const size = { width: 57, height: 43 };

/** Boxes of any fraction, of pixels at the edges, of whole pictures and as thin as a hundredth of a pixel. */
function randomObject(random: Random): ObjectLabel {
  const stretch = (length: number) => {
    const [a, b] = [random.next() * length, random.next() * length];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    return [
      [from, to],
      [Math.floor(from), Math.ceil(to)],
      [0, length],
      [from, Math.min(length, from + 0.01)],
    ][random.integer(4)] as [number, number];
  };
  const [left, right] = stretch(size.width);
  const [top, bottom] = stretch(size.height);
  const mark = () => random.next() < 0.3;
  return {
    ...{ left, top, right, bottom, classIndex: random.integer(classNames.length) },
    ...(mark() ? { difficult: true } : {}),
    ...(mark() ? { truncated: true } : {}),
    ...(mark() ? { crowd: true } : {}),
  };
}

const ids = [
  "a.png",
  "deep/a.png",
  "deep/er/a.png",
  "b c.png",
  "ünï/код.png",
  "deep/x.y.z.png",
  "1e5.png",
  "images/q.png",
];

async function randomPictures(t: TestContext, seed: number, prefix: string): Promise<PictureToWrite[]> {
  const root = await labelFolder(t, { "picture.png": await plainPicture(size.width, size.height) });
  return ids.map((id, i) => {
    const random = createRandom(seed, prefix, i);
    const objects = Array.from({ length: random.integer(5) }, () => randomObject(random));
    return { id: prefix + id, file: path.join(root, "picture.png"), label: { size, objects } };
  });
}

/** How far a coordinate may move, and which marks have a place. */
const keeps: Readonly<Record<BoxFormat, { px: number; marks: readonly string[] }>> = {
  voc: { px: 1, marks: ["difficult", "truncated"] },
  coco: { px: 1e-9, marks: ["crowd"] },
  yolo: { px: 57 * 1e-6, marks: [] },
};

function assertSame(read: readonly BoxPicture[], written: readonly PictureToWrite[], format: BoxFormat): void {
  assert.equal(read.length, written.length);
  for (const { id, label } of written) {
    const name = id.replace(/^from\/(?:one|two)\//, "");
    const found = read.filter((picture) => picture.id.endsWith(`/${name}`));
    const { label: same } = found.sort((a, b) => a.id.length - b.id.length)[0]!;
    assert.deepEqual(same.size, label.size);
    assert.equal(same.objects.length, label.objects.length, id);
    for (const [i, { left, top, right, bottom, classIndex, ...marks }] of label.objects.entries()) {
      const object = same.objects[i]!;
      assert.equal(object.classIndex, classIndex);
      for (const [side, value] of Object.entries({ left, top, right, bottom })) {
        const moved = Math.abs(object[side as "left"] - value);
        assert.ok(moved <= keeps[format].px, `${id} ${side}: ${value} became ${object[side as "left"]}`);
      }
      for (const mark of ["difficult", "truncated", "crowd"] as const) {
        assert.equal(object[mark], keeps[format].marks.includes(mark) ? marks[mark] : undefined, `${id} ${mark}`);
      }
    }
  }
}

for (const format of boxFormats) {
  describe(`writing ${format}`, () => {
    for (const seed of [0, 1, 2, 3]) {
      test(`reads back the same boxes, classes and names, seed ${seed}`, async (t) => {
        const root = await labelFolder(t, {});
        const train = await randomPictures(t, seed, "from/one/");
        const held = await randomPictures(t, seed, "from/two/");
        await writeBoxes(path.join(root, "out"), format, { classNames, train, test: held });
        const found = await survey(path.join(root, "out"), { classes: classNames });
        assert.deepEqual([found.format, found.faults, found.passedOver], [format, [], []]);
        assertSame(found.train, train, format);
        assertSame(found.test ?? [], held, format);
        await writeBoxes(path.join(root, "whole"), format, { classNames, train, test: null });
        const whole = await survey(path.join(root, "whole"), { classes: classNames });
        assert.deepEqual([whole.test, whole.faults], [null, []]);
        assertSame(whole.train, train, format);
      });
    }

    test("writes nothing into a folder that holds something, and leaves nothing behind when it fails", async (t) => {
      const root = await labelFolder(t, { "full/keep.txt": "mine" });
      const train = await randomPictures(t, 0, "");
      await assert.rejects(writeBoxes(path.join(root, "full"), format, { classNames, train, test: null }), /not empty/);
      const gone = train.map((picture) => ({ ...picture, file: path.join(root, "gone.png") }));
      await assert.rejects(
        writeBoxes(path.join(root, "out"), format, { classNames, train: gone, test: null }),
        /ENOENT/,
      );
      for (const name of ["", " cat", "a\nb", "tab\there"]) {
        const wrong = { classNames: [...classNames, name], train, test: null };
        await assert.rejects(writeBoxes(path.join(root, "out"), format, wrong), /no name that label files can hold/);
      }
      assert.deepEqual(await readdir(root), ["full"]);
      assert.deepEqual(await readdir(path.join(root, "full")), ["keep.txt"]);
    });
  });
}

test("Pascal VOC and YOLO refuse two pictures that differ in their ending only", async (t) => {
  const root = await labelFolder(t, {});
  const [one] = await randomPictures(t, 0, "");
  const twins = [one!, { ...one!, id: "a.jpg" }];
  for (const format of ["voc", "yolo"] as const) {
    const writing = writeBoxes(path.join(root, "out"), format, { classNames, train: twins, test: null });
    await assert.rejects(writing, /^ForelossError: a\.jpg: .* and there is a\.png/);
  }
});

describe("what is written", () => {
  const box = { left: 1.4, top: 2.6, right: 10.5, bottom: 20, classIndex: 1 };
  const picture = { name: "deep/a&b.png", size: { width: 40, height: 30 }, objects: [box] };

  test("is Pascal VOC's XML with whole pixels from 1, or from 0", () => {
    const corners = (xml: string) => Array.from(xml.matchAll(/<[xy]m(?:in|ax)>(\d+)</g), (match) => Number(match[1]));
    assert.deepEqual(corners(vocXml(picture, classNames)), [2, 4, 11, 20]);
    assert.deepEqual(corners(vocXml(picture, classNames, 0)), [1, 3, 11, 20]);
    assert.match(
      vocXml(picture, classNames),
      /<filename>a&amp;b\.png<\/filename>[\s\S]*<name>Katze &amp; Maus<\/name>/,
    );
    const thin = { ...picture, objects: [{ ...box, left: 5.2, right: 5.3, top: 29.9, bottom: 30 }] };
    assert.deepEqual(corners(vocXml(thin, classNames)), [6, 30, 6, 30]);
  });

  test("is YOLO's text with six decimals, and a prediction's score behind them", () => {
    assert.equal(yoloText(picture), "1 0.148750 0.376667 0.227500 0.580000\n");
    assert.equal(yoloText({ ...picture, objects: [] }), "");
    assert.match(yoloText({ ...picture, objects: [{ ...box, score: 0.25 }] }), / 0\.580000 0\.250000\n$/);
    const thin = { ...picture, objects: [{ ...box, right: 1.40001 }] };
    assert.throws(() => yoloText(thin), /a&b\.png: a box of .* pixels is nothing in six decimals/);
  });

  test("is the list of predictions that COCO's evaluation reads", () => {
    assert.deepEqual(cocoResults(7, { ...picture, objects: [{ ...box, left: 1.5, score: 0.25 }] }), [
      { image_id: 7, category_id: 2, bbox: [1.5, 2.6, 9, 17.4], score: 0.25 },
    ]);
  });

  test("is a folder that YOLO's trainers begin with", async (t) => {
    const root = await labelFolder(t, {});
    const [one] = await randomPictures(t, 0, "");
    await writeFile(path.join(root, "x.txt"), "");
    const boxes = { classNames: ["cat", "no"], train: [one!], test: [{ ...one!, id: "b.png" }] };
    await writeBoxes(path.join(root, "out"), "yolo", boxes);
    assert.equal(
      await readFile(path.join(root, "out/data.yaml"), "utf8"),
      'train: images/train\nval: images/val\nnames:\n  - cat\n  - "no"\n',
    );
    assert.deepEqual(await readdir(path.join(root, "out/labels/val")), ["b.txt"]);
  });
});
