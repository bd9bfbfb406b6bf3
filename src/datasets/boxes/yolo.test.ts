import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { faultLines, inWords, survey } from "./testing/box-survey.ts";

const picture = [40, 30] as const;

describe("YOLO", () => {
  test("reads centre and size as shares; an empty file is a label, no file is none", async (t) => {
    const root = await labelFolder(t, {
      "data.yaml": "path: .\ntrain: images/train\nval: images/val\nnames:\n  0: cat\n  1: fire hydrant\n",
      "images/train/a.png": picture,
      "images/train/deep/a.png": picture,
      "images/train/empty.png": picture,
      "images/train/none.png": picture,
      "images/val/a.png": picture,
      "labels/train/a.txt": "1 0.5 0.5 1 1\r\n0 0.25 0.5 0.5 0.2\r\n",
      "labels/train/deep/a.txt": "0 0.5 0.5 0.1 0.1",
      "labels/train/empty.txt": "",
      "labels/val/a.txt": "  0   0.5 0.5 2.5e-1 0.2  \n\n",
    });
    const found = await survey(root);
    assert.deepEqual(found.classNames, ["cat", "fire hydrant"]);
    assert.deepEqual(inWords(found, found.train), {
      "images/train/a.png": ["fire hydrant 0 0 40 30", "cat 0 12 20 18"],
      "images/train/deep/a.png": ["cat 18 13.5 22 16.5"],
      "images/train/empty.png": [],
    });
    assert.deepEqual(inWords(found, found.test), { "images/val/a.png": ["cat 15 12 25 18"] });
    assert.deepEqual(found.passedOver, ["images/train/none.png: no label"]);
  });

  for (const [tool, files] of [
    ["Roboflow", { "data.yaml": "names: ['cat']\nnc: 1\ntrain: ../train/images\nval: ../valid/images\n" }],
    [
      "Ultralytics, elsewhere",
      { "set.yml": "path: ../datasets/pets\ntrain: train/images\nval: [valid/images]\nnames: [cat]" },
    ],
    [
      "an absolute path",
      { "data.yaml": "train: /home/me/pets/train/images/\nval: C:\\pets\\valid\\images\nnames: {0: cat}" },
    ],
    ["LabelImg", { "classes.txt": "cat\n" }],
    [
      "lists of pictures",
      {
        "data.yaml": "train: t.txt\nval: v.txt\nnames: [cat]",
        "t.txt": "./train/images/1.png\n",
        "v.txt": "/x/valid/images/1.png",
      },
    ],
  ] as const) {
    test(`finds splits and classes as ${tool} names them`, async (t) => {
      const root = await labelFolder(t, {
        ...files,
        "train/images/1.png": picture,
        "train/labels/1.txt": "0 .5 .5 .5 .5",
        "valid/images/1.png": picture,
        "valid/labels/1.txt": "0 .5 .5 .2 .2",
      });
      const found = await survey(root);
      assert.deepEqual(inWords(found, found.train), { "train/images/1.png": ["cat 10 7.5 30 22.5"] });
      assert.deepEqual(inWords(found, found.test), { "valid/images/1.png": ["cat 16 12 24 18"] });
    });
  }

  test("reads labels beside the pictures, Darknet's folders among them, as one set", async (t) => {
    const root = await labelFolder(t, {
      "obj.names": "cat\ndog\n",
      "obj.data": "classes = 2\n",
      "train.txt": "data/obj_train_data/1.png\n",
      "obj_train_data/1.png": picture,
      "obj_train_data/1.txt": "1 0.5 0.5 0.5 0.5\n",
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found, found.train), { "obj_train_data/1.png": ["dog 10 7.5 30 22.5"] });
    assert.equal(found.test, null);
  });

  test("lets a box stand out by the rounding of its decimals, and ends it at the edge", async (t) => {
    const root = await labelFolder(t, {
      "classes.txt": "cat",
      "a.png": picture,
      "a.txt": "0 0.833333 0.5 0.333335 1.0\n",
      "b.png": picture,
      "b.txt": "0 0.8334 0.5 0.3334 1.0\n",
    });
    const found = await survey(root);
    assert.equal(found.train[0]!.label.objects[0]!.right, 40);
    assert.match(faultLines(found).join(), /^outside b\.txt:1: the box \(26\.668, 0, 40\.004, 30\) stands out/);
  });

  test("names file and line of everything that is wrong", async (t) => {
    const root = await labelFolder(t, {
      "classes.txt": "cat\ndog\n",
      "images/a.png": picture,
      "images/b.jpg": picture,
      "images/b.png": picture,
      "images/c.png": "no picture",
      "labels/a.txt": [
        "0 0.5 0.5 0.1 0.1",
        "2 0.5 0.5 0.1 0.1",
        "-1 0.5 0.5 0.1 0.1",
        "0.5 0.5 0.5 0.1 0.1",
        "0 0.5 0.5 0.1",
        "0 0.5 0.5 0.1 0.1 0.9",
        "0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2",
        "0 0,5 0.5 0.1 0.1",
        "0 0.5 0.5 0.1 0",
        "0 0.95 0.5 0.2 0.1",
      ].join("\n"),
      "labels/b.txt": "0 0.5 0.5 0.1 0.1",
      "labels/c.txt": "0 0.5 0.5 0.1 0.1",
      "labels/gone.txt": "0 0.5 0.5 0.1 0.1",
      "labels/classes.txt": "cat\ndog\n",
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), [
      "class labels/a.txt:2: class 2; there are 0 to 1",
      "class labels/a.txt:3: class -1; there are 0 to 1",
      "class labels/a.txt:4: class 0.5; there are 0 to 1",
      "malformed labels/a.txt:5: 4 numbers; a box has 5: class, centre x and y, width, height",
      "malformed labels/a.txt:6: 6 numbers (a prediction with its score?); a box has 5: class, centre x and y, width, height",
      "malformed labels/a.txt:7: 9 numbers (a polygon or joints?); a box has 5: class, centre x and y, width, height",
      'malformed labels/a.txt:8: "0,5" is not a number',
      "ambiguous labels/b.txt: fits images/b.jpg and images/b.png",
      "ambiguous labels/b.txt: fits images/b.jpg and images/b.png",
      "missing labels/gone.txt: there is no picture for it",
      "empty labels/a.txt:9: the box (18, 15, 22, 15) has no area",
      "outside labels/a.txt:10: the box (34, 13.5, 42, 16.5) stands out of its picture of 40 x 30",
      "unreadable images/c.png: not readable (Input file contains unsupported image format)",
    ]);
    assert.deepEqual(found.train, []);
  });

  test("stops where nothing names the classes, or what names them is wrong", async (t) => {
    const refused = async (files: Record<string, string>, message: RegExp) => {
      const root = await labelFolder(t, { "a.png": picture, "a.txt": "0 0.5 0.5 0.1 0.1", ...files });
      await assert.rejects(survey(root), message);
    };
    await refused({}, /nothing names their classes/);
    await refused({ "data.yaml": "names: [a, b\ntrain: x" }, /data\.yaml:\d: not YAML: /);
    await refused({ "data.yaml": "names: [a, b]\nnc: 3" }, /data\.yaml: nc is 3, but names has 2/);
    await refused({ "data.yaml": "names: {1: a, 2: b}" }, /data\.yaml: names: no class 0 among 1, 2/);
    await refused(
      { "data.yaml": "names: [a, b]\ntrain: imagse" },
      /data\.yaml: "imagse" is neither a folder with pictures/,
    );
    await refused({ "data.yaml": "names: 3" }, /data\.yaml: names: 3 is not allowed/);
    await refused({ "classes.txt": "a\n\nb" }, /classes\.txt: an empty class name/);
    await refused({ "classes.txt": "a\nb\na\n" }, /classes\.txt: class "a" stands there twice/);
  });
});
