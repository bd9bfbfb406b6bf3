import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { faultLines, inWords, survey } from "./testing/box-survey.ts";

const categories = [
  { id: 18, name: "dog", supercategory: "animal" },
  { id: 17, name: "cat", supercategory: "animal" },
];
const image = (id: number | string, file_name: string, more = {}) => ({
  id,
  file_name,
  width: 40,
  height: 30,
  ...more,
});
const annotation = (id: number, image_id: number | string, bbox: unknown, more = {}) => ({
  id,
  image_id,
  category_id: 17,
  bbox,
  area: 1,
  iscrowd: 0,
  segmentation: [],
  ...more,
});
const file = (images: object[], annotations: object[], more = {}) =>
  JSON.stringify({ info: {}, images, annotations, categories, ...more });

describe("COCO", () => {
  test("reads corner and size from 0, crowds, and images without an object; classes go by their ids", async (t) => {
    const root = await labelFolder(t, {
      "images/a.png": [40, 30],
      "images/b.png": [40, 30],
      "annotations.json": file(
        [image(7, "a.png"), image(9, "b.png", { width: null, height: null })],
        [
          annotation(1, 7, [0, 1.25, 40, 28.75]),
          annotation(2, 7, [3, 4, 5.5, 6], {
            category_id: 18,
            iscrowd: 1,
            segmentation: { counts: [1], size: [30, 40] },
          }),
        ],
      ),
    });
    const found = await survey(root);
    assert.deepEqual(found.classNames, ["cat", "dog"]);
    assert.deepEqual(inWords(found, found.train), {
      "images/a.png": ["cat 0 1.25 40 30", "dog 3 4 8.5 10 crowd"],
      "images/b.png": [],
    });
    assert.deepEqual([found.format, found.test, found.faults, found.passedOver], ["coco", null, [], []]);
  });

  test("goes by the official names, and passes over the files of other tasks", async (t) => {
    const root = await labelFolder(t, {
      "annotations/instances_train2017.json": file(
        [image(1, "1.png"), image(2, "2.png")],
        [annotation(1, 1, [1, 1, 2, 2])],
      ),
      "annotations/instances_val2017.json": file([image(1, "1.png")], [annotation(1, 1, [5, 5, 2, 2])]),
      "annotations/person_keypoints_val2017.json": file([image(1, "1.png")], []),
      "annotations/captions_val2017.json": "{not even JSON",
      "train2017/1.png": [40, 30],
      "train2017/2.png": [40, 30],
      "val2017/1.png": [40, 30],
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found, found.train), { "train2017/1.png": ["cat 1 1 3 3"], "train2017/2.png": [] });
    assert.deepEqual(inWords(found, found.test), { "val2017/1.png": ["cat 5 5 7 7"] });
    const turned = await survey(root, { trainSplit: ["val2017"], testSplit: ["train2017"] });
    assert.deepEqual([turned.train.length, turned.test?.length], [1, 2]);
  });

  test("reads one file per folder, as Roboflow writes it", async (t) => {
    const root = await labelFolder(t, {
      "train/_annotations.coco.json": file([image(0, "a.png")], [annotation(0, 0, [1, 1, 2, 2])]),
      "valid/_annotations.coco.json": file([image(0, "b.png")], [annotation(0, 0, [1, 1, 2, 2])]),
      "test/_annotations.coco.json": file([image(0, "c.png")], [annotation(0, 0, [1, 1, 2, 2])]),
      "train/a.png": [40, 30],
      "valid/b.png": [40, 30],
      "test/c.png": [40, 30],
    });
    const found = await survey(root);
    assert.deepEqual(
      [...found.train, ...(found.test ?? [])].map(({ id }) => id),
      ["train/a.png", "test/c.png"],
    );
    assert.deepEqual(found.passedOver, ["valid/b.png: in no set that is used; not used: valid"]);
  });

  for (const [tool, name] of [
    ["its own folder", "far/a.png"],
    ["another machine", "/home/me/set/images/far/a.png"],
    ["Windows", "C:\\sets\\images\\far\\a.png"],
    ["a step up", "..\\images/./far/a.png"],
    ["a label tool's uploads", "/data/upload/3/a.png"],
  ] as const) {
    test(`finds the picture behind a file name seen from ${tool}`, async (t) => {
      const root = await labelFolder(t, {
        "images/far/a.png": [40, 30],
        "result.json": file([image("0", name)], [annotation(1, "0", [1, 2, 3, 4])]),
      });
      const found = await survey(root);
      assert.deepEqual(inWords(found, found.train), { "images/far/a.png": ["cat 1 2 4 6"] });
    });
  }

  test("tells equal names in nested folders apart by the folder that most names are seen from", async (t) => {
    const root = await labelFolder(t, {
      "images/x.png": [40, 30],
      "images/deep/x.png": [40, 30],
      "images/deep/y.png": [40, 30],
      "labels.json": file(
        [image(1, "x.png"), image(2, "deep/x.png"), image(3, "deep/y.png")],
        [annotation(1, 1, [1, 1, 1, 1]), annotation(2, 2, [2, 2, 2, 2])],
      ),
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found, found.train), {
      "images/x.png": ["cat 1 1 2 2"],
      "images/deep/x.png": ["cat 2 2 4 4"],
      "images/deep/y.png": [],
    });
  });

  test("names the place of everything that is wrong", async (t) => {
    const root = await labelFolder(t, {
      ...Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((stem) => [`${stem}.png`, [40, 30] as const])),
      "left/twin.png": [40, 30],
      "right/twin.png": [40, 30],
      "tables.bmp": "BM",
      "coco.json": file(
        [
          image(1, "a.png"),
          image(2, "b.png"),
          image(3, "c.png"),
          image(4, "d.png"),
          image(5, "lost.png"),
          image(6, "tables.bmp"),
          image(7, "twin.png"),
          image(1, "e.png"),
          { id: 8, width: 40, height: 30 },
          image(9, "f.png", { width: 41 }),
          image(10, "g.png"),
        ],
        [
          annotation(1, 2, [1, 1, 0, 5]),
          annotation(2, 2, [30, 1, 10.5, 5]),
          annotation(3, 3, [1, 1, "4", 5]),
          annotation(4, 4, [1, 1, 4, 5], { category_id: 3 }),
          annotation(5, 77, [1, 1, 4, 5]),
          annotation(5, 10, [1, 1, 4, 5]),
          annotation(6, 10, [1, 1, 4, 5]),
          annotation(6, 10, [1, 1, 4, 5]),
        ],
      ),
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), [
      'missing coco.json: images[4]: there is no picture "lost.png"',
      'missing coco.json: images[5]: there is no picture "tables.bmp" (tables.bmp is not a JPEG, PNG or WebP file)',
      'ambiguous coco.json: images[6]: "twin.png" fits left/twin.png and right/twin.png',
      'duplicate coco.json: images[7]: id 1 is that of "a.png" too',
      "malformed coco.json: images[8]: file_name: missing; needs a text",
      'malformed coco.json: annotations[2]: bbox[2]: "4" is not allowed; needs a number',
      "class coco.json: annotations[3]: category_id 3 is not one of 17, 18",
      "missing coco.json: annotations[4]: image_id 77 is in no entry of images",
      "duplicate coco.json: annotations[7]: id 6 stands there already",
      "empty coco.json: annotations[0]: the box (1, 1, 1, 6) has no area",
      "outside coco.json: annotations[1]: the box (30, 1, 40.5, 6) stands out of its picture of 40 x 30",
      "size coco.json: images[9]: the label says 41 x 30, the picture f.png has 40 x 30",
    ]);
    assert.deepEqual(found.train, []);
  });

  test("stops at a file that is no JSON, has no lists, or whose categories are told apart by nothing", async (t) => {
    const lists = '"images": [], "annotations": [], "categories": [';
    const refused = async (text: string, message: RegExp) =>
      assert.rejects(survey(await labelFolder(t, { "a.png": [40, 30], "c.json": text })), message);
    await refused(`{${lists}\n{"id": 1,}]}`, /c\.json:2:10: expected a field name/);
    await refused(
      `{${lists.replace('"images": []', '"images": 3')}]}`,
      /c\.json: images: 3 is not allowed; needs a list/,
    );
    await refused(`{${lists}{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}`, /c\.json: categories\[1\]: id 1 stands/);
    await refused(`{${lists}{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]}`, /categories\[1\]: "a" stands there/);
    await refused(`{${lists}{"id": 1}]}`, /c\.json: categories\[0\]: name: missing/);
  });
});
