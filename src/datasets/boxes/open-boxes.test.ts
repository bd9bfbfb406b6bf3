import assert from "node:assert/strict";
import { readdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import sharp from "sharp";
import { ForelossError } from "../../core/errors.ts";
import { boxesSchema } from "../../records/recipe-dataset.ts";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { openDataset } from "../open-dataset.ts";
import { open, survey } from "./testing/box-survey.ts";

/** Pictures of 40 x 30 with one row of YOLO each, in the order of their numbers. */
const yolo = (rows: readonly string[], folder = "") =>
  Object.fromEntries(
    rows.flatMap((row, i) => [
      [`${folder}${i}.png`, [40, 30] as const],
      [`${folder}${i}.txt`, row],
    ]),
  );
const good = "0 0.5 0.5 0.5 0.5";
const names = { "classes.txt": "cat\ndog\nfox\n" };

const complains = (...parts: RegExp[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof ForelossError, String(error));
    for (const part of parts) assert.match(`${error.message} | ${error.hint}`, part);
    return true;
  };
};

describe("a folder with boxes", () => {
  test("holds out the share of its pictures, the same ones every time, others with another seed", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo(Array(40).fill(good)) });
    const held = async (options = {}) => (await open(root, options)).test.ids;
    assert.equal((await held()).length, 8);
    assert.equal((await held({ testShare: 0.5 })).length, 20);
    assert.deepEqual(await held(), await held());
    assert.notDeepEqual(await held(), await held({ splitSeed: 1 }));
    const { train, test: heldOut } = await open(root);
    assert.equal(new Set([...train.ids, ...heldOut.ids]).size, 40);
  });

  test("hands pictures out stretched to the square, and labels in pixels of the picture itself", async (t) => {
    const left = sharp({ create: { width: 20, height: 30, channels: 3, background: { r: 255, g: 0, b: 0 } } });
    const halves = await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: 0, g: 0, b: 255 } } })
      .composite([{ input: await left.png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer();
    const root = await labelFolder(t, { ...names, ...yolo([good, good], "train/"), ...yolo([good], "val/") });
    for (const name of ["train/0.png", "train/1.png", "val/0.png"]) await writeFile(path.join(root, name), halves);
    const data = await open(root, { sidePx: 8 });
    assert.deepEqual(data.imageSize, { width: 8, height: 8, channels: 3 });
    const pixels = new Uint8Array(2 * 192);
    await data.train.read(Uint32Array.of(1, 0), pixels);
    for (const row of [0, 7]) {
      const red = [...pixels.subarray(row * 8, row * 8 + 8)].map((value) => (value > 250 ? 1 : value < 5 ? 0 : 0.5));
      assert.deepEqual([...red.slice(0, 3), ...red.slice(5)], [1, 1, 1, 0, 0, 0]);
    }
    assert.deepEqual(data.train.labels[0], {
      size: { width: 40, height: 30 },
      objects: [{ left: 10, top: 7.5, right: 30, bottom: 22.5, classIndex: 0 }],
    });
    assert.equal((await data.train.thumbnail(0, 20)).mime, "image/jpeg");
  });

  test("counts pixels as a picture is shown: its EXIF orientation applied", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo([good, good]) });
    const turned = await sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await writeFile(path.join(root, "0.png"), turned);
    const { train } = await survey(root);
    assert.deepEqual(train[0]?.label.size, { width: 30, height: 40 });
    assert.deepEqual(train[1]?.label.size, { width: 40, height: 30 });
  });

  test("stops at wrong labels with their number by kind, the first places, and what to do", async (t) => {
    const bad = Array.from({ length: 12 }, (_, i) => `${i === 0 ? 9 : 0} 0.5 0.5 0.5 ${i === 0 ? 0.5 : 0}`);
    const root = await labelFolder(t, { ...names, ...yolo([...bad, good, good, good]) });
    await assert.rejects(
      open(root),
      complains(
        /: 11 boxes without area, 1 unknown class\n {2}0\.txt:1: class 9; there are 0 to 2\n/,
        /and 2 more/,
        /--skip-bad/,
      ),
    );
  });

  test("leaves pictures with a wrong label out when it is told to, and lists them", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo([good, `${good}\n7 0.5 0.5 0.1 0.1`, good, good]) });
    const data = await open(root, { skipBad: true });
    assert.deepEqual([...data.train.ids, ...data.test.ids].sort(), ["0.png", "2.png", "3.png"]);
    assert.deepEqual(data.skipped, ["1.txt:2: class 7; there are 0 to 2"]);
  });

  test("suggests origin 0 where VOC boxes begin before the picture", async (t) => {
    const box = "<bndbox><xmin>0</xmin><ymin>4</ymin><xmax>9</xmax><ymax>9</ymax></bndbox>";
    const xml = `<annotation><object><name>cat</name>${box}</object></annotation>`;
    const root = await labelFolder(t, { "a.png": [40, 30], "a.xml": xml });
    await assert.rejects(
      open(root),
      complains(/1 box outside its picture/, /from 0: then say so \(dataset\.vocOrigin/),
    );
  });

  test("takes only the classes that are named, in their order, and says what is passed over", async (t) => {
    const rows = [
      "0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5",
      "1 0.5 0.5 0.2 0.2",
      "2 0.5 0.5 0.2 0.2",
      "1 0.5 0.5 0.2 0.2",
    ];
    const root = await labelFolder(t, { ...names, ...yolo(rows, "train/"), ...yolo(rows, "test/") });
    const data = await open(root, { classes: ["fox", "cat"] });
    assert.deepEqual(data.classNames, ["fox", "cat"]);
    assert.deepEqual(
      Array.from(data.train.labels, ({ objects }) => objects.map(({ classIndex }) => classIndex)),
      [[1], [], [0], []],
    );
    assert.deepEqual(data.skipped, ['class "dog": 6 objects not used, by dataset.classes']);
    await assert.rejects(open(root, { classes: ["cat", "god"] }), complains(/no class "god".*did you mean "dog"\?/));
  });

  test("refuses a class of the held-out part that the train part does not have, where a format keeps no list", async (t) => {
    const xml = (name: string) =>
      `<annotation><object><name>${name}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>`;
    const root = await labelFolder(t, {
      "train/a.png": [40, 30],
      "train/a.xml": xml("scratches"),
      "test/a.png": [40, 30],
      "test/a.xml": xml("scrathces"),
    });
    await assert.rejects(
      open(root),
      complains(/test\/a\.xml:1: unknown class "scrathces"; did you mean "scratches"\?/),
    );
  });

  test("refuses parts without an object, and says what was left out", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo(["", "", ""]) });
    await assert.rejects(open(root), complains(/train part: \d labelled pictures without an object/));
    const bad = await labelFolder(t, { ...names, ...yolo(["9 0.5 0.5 0.5 0.5"], "train/"), ...yolo([good], "val/") });
    await assert.rejects(
      open(bad, { skipBad: true }),
      complains(/train part: no labelled picture; left out: 1 unknown class/),
    );
  });

  test("says which formats were looked for, which ones fit, and which sets there are", async (t) => {
    const nothing = await labelFolder(t, { "cats/a.png": [40, 30] });
    await assert.rejects(
      open(nothing),
      complains(/no labels with boxes among 1 files \(1 picture\)/, /Pascal VOC.*COCO.*YOLO/),
    );
    await assert.rejects(open(null), complains(/no data folder was given/, /--data/));
    await assert.rejects(open(`${nothing}x`), complains(/no such folder/));
    const coco = { "coco.json": '{"images": [], "annotations": [], "categories": []}' };
    const both = await labelFolder(t, { ...names, ...yolo([good, good]), ...coco });
    await assert.rejects(open(both), complains(/labels of 2 formats: coco, yolo/, /dataset\.format/));
    assert.equal((await open(both, { format: "yolo" })).train.ids.length, 1);
    await assert.rejects(open(both, { format: "voc" }), complains(/no labels with boxes/, /Looked for XML files/));
    const odd = await labelFolder(t, { ...names, ...yolo([good], "train/"), ...yolo([good], "rest/") });
    await assert.rejects(
      open(odd),
      complains(/its sets do not say.*\(pictures in no split\), train|train, \(pictures/),
    );
    const onlyTest = open(odd, { testSplit: ["train"] });
    await assert.rejects(onlyTest, complains(/testSplit is given without dataset\.trainSplit/, /There are:/));
  });

  test("opens in another thread from what was found, without looking at a file again", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo([good, good, good, good, good]) });
    const recipe = boxesSchema.parse({ kind: "boxes", sidePx: 8 });
    const first = await openDataset(recipe, { dataFolder: root });
    const survey = structuredClone(first.survey);
    await writeFile(path.join(root, "0.txt"), "not a label any more");
    const again = await openDataset(recipe, { dataFolder: root, survey });
    assert.equal(again.digest, first.digest);
    assert.deepEqual(again.train.labels, first.train.labels);
    await assert.rejects(openDataset(recipe, { dataFolder: root }), /"not" is not a number/);
  });

  test("has a digest over labels, sizes, times and the split", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo([good, good, good, good, good]) });
    const digest = async (options = {}) => (await open(root, options)).digest;
    const before = await digest();
    assert.equal(await digest(), before);
    assert.notEqual(await digest({ splitSeed: 3 }), before);
    assert.notEqual(await digest({ sidePx: 16 }), before);
    await writeFile(path.join(root, "0.txt"), "0 0.5 0.5 0.5 0.6");
    const relabelled = await digest();
    assert.notEqual(relabelled, before);
    await utimes(path.join(root, "1.png"), 1000, 1000);
    assert.notEqual(await digest(), relabelled);
  });

  test("tells how far it is, stops when it is asked to, and writes nothing", async (t) => {
    const root = await labelFolder(t, { ...names, ...yolo([good, good, good]) });
    const listed = await readdir(root);
    const seen: string[] = [];
    const recipe = boxesSchema.parse({ kind: "boxes" });
    await openDataset(recipe, { dataFolder: root, onProgress: (done, total) => seen.push(`${done}/${total}`) });
    assert.deepEqual(seen, ["1/3", "2/3", "3/3"]);
    assert.deepEqual(await readdir(root), listed);
    const signal = AbortSignal.abort();
    await assert.rejects(openDataset(recipe, { dataFolder: root, signal }), /stopped while reading labels/);
  });
});
