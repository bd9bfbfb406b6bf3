import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { labelFolder, plainPicture } from "../label-folder/testing/label-folder.ts";
import { faultLines, inWords, open, survey } from "./testing/joint-survey.ts";

const category = {
  ...{ id: 7, name: "person", supercategory: "person" },
  keypoints: ["nose", "left_hip", "right_hip"],
  skeleton: [
    [1, 2],
    [1, 3],
  ],
};
const image = (id: number, file_name: string) => ({ id, file_name, width: 40, height: 30 });
const person = (id: number, image_id: number, keypoints: number[], more: object = {}) => ({
  ...{ id, image_id, category_id: 7, iscrowd: 0, bbox: [4, 5, 20, 24], area: 300 },
  ...{ keypoints, num_keypoints: 3, ...more },
});
const coco = (annotations: object[], more: object = {}) =>
  JSON.stringify({
    images: [image(1, "a.png"), image(2, "b.png")],
    annotations,
    categories: [category],
    ...more,
  });
const pictures = { "images/a.png": [40, 30], "images/b.png": [40, 30], "images/c.png": [40, 30] } as const;
const whole = [10, 8, 2, 12.5, 20, 1, 0, 0, 0];

describe("joints of COCO", () => {
  test("make an item of every person, with its box, area and visibilities", async (t) => {
    const root = await labelFolder(t, {
      ...pictures,
      "annotations/person_keypoints_train.json": coco([
        person(11, 1, whole),
        person(12, 1, [1, 2, 2, 3, 4, 2, 5, 6, 2]),
      ]),
      "annotations/person_keypoints_val.json": coco([person(5, 3, whole)], { images: [image(3, "c.png")] }),
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found.train), {
      "images/a.png#11": ["10 8 2", "12.5 20 1", "0 0 0"],
      "images/a.png#12": ["1 2 2", "3 4 2", "5 6 2"],
    });
    assert.deepEqual(Object.keys(inWords(found.test)), ["images/c.png#5"]);
    const { label } = found.train[0]!;
    assert.deepEqual(label.box, { left: 4, top: 5, right: 24, bottom: 29 });
    assert.deepEqual([label.areaPx, label.headPx, label.size], [300, null, { width: 40, height: 30 }]);
    const { jointNames, bones, mirrorOf } = found.skeleton;
    assert.deepEqual(jointNames, category.keypoints);
    assert.deepEqual(
      [bones, mirrorOf],
      [
        [
          [0, 1],
          [0, 2],
        ],
        [0, 2, 1],
      ],
    );
    assert.deepEqual(found.passedOver, [
      "annotations/person_keypoints_train.json: 1 picture without a person, not used",
    ]);
  });

  test("name everything that is wrong with its place, and what is not used", async (t) => {
    const other = { id: 9, name: "dog" };
    const root = await labelFolder(t, {
      ...pictures,
      "train.json": coco(
        [
          person(1, 1, whole),
          person(2, 1, [1, 2, 2]),
          person(3, 1, [1, 2, 3, 4, 5, 2, 0, 0, 0]),
          person(1, 1, whole),
          person(4, 8, whole),
          person(5, 2, whole, { bbox: [1, 2, 0, 5] }),
          person(6, 2, [1, 2, 2, 90, 5, 2, 0, 0, 0]),
          person(7, 2, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
          person(8, 2, whole, { iscrowd: 1 }),
          person(9, 2, whole, { category_id: 9 }),
          person(10, 2, whole, { keypoints: "none" }),
          person(11, 2, whole, { bbox: [50, 2, 9, 5] }),
        ],
        { categories: [category, other], images: [image(1, "a.png"), image(2, "b.png"), image(3, "gone.png")] },
      ),
    });
    const found = await survey(root);
    assert.deepEqual(Object.keys(inWords(found.train)), ["images/a.png#1"]);
    assert.deepEqual(faultLines(found), [
      'missing train.json: images[2]: there is no picture "gone.png"',
      "joint train.json: annotations[1]: keypoints has 3 numbers; 3 joints have 9",
      "joint train.json: annotations[2]: visibility 3 of nose; it is 0, 1 or 2",
      "duplicate train.json: annotations[3]: id 1 stands there already",
      "missing train.json: annotations[4]: image_id 8 is in no entry of images",
      'malformed train.json: annotations[10]: keypoints: "none" is not allowed; needs a list [ ... ] or null',
      "empty train.json: annotations[5]: the box (1, 2, 1, 7) has no area",
      "joint train.json: annotations[6]: left_hip at (90, 5) is far outside its picture of 40 x 30",
      "outside train.json: annotations[11]: the box (50, 2, 59, 7) lies outside its picture of 40 x 30",
    ]);
    assert.deepEqual(found.passedOver, [
      "train.json: 1 person without a labelled joint, not used",
      "train.json: 1 crowd, not used",
      "train.json: 1 annotation without joints, not used",
    ]);
    await assert.rejects(open(root), /^ForelossError: .*: 2 labels without a picture, 1 malformed label|1 malformed/);
  });

  test("stop the opening when something is wrong, unless bad persons are to be left out", async (t) => {
    const annotations = [person(1, 1, whole), person(2, 2, whole), person(3, 2, [1, 2, 2])];
    const root = await labelFolder(t, { ...pictures, "all.json": coco(annotations) });
    await assert.rejects(open(root), (error: Error & { hint?: string }) => {
      assert.match(error.message, /: 1 person with a wrong joint\n {2}all\.json: annotations\[2\]: keypoints has 3/);
      assert.match(error.hint!, /--skip-bad/);
      return true;
    });
    const data = await open(root, { skipBad: true, testShare: 0.5 });
    assert.deepEqual([...data.train.ids, ...data.test.ids].sort(), ["images/a.png#1", "images/b.png#2"]);
    assert.match(data.skipped[0]!, /all\.json: annotations\[2\]: keypoints has 3 numbers/);
  });

  test("refuse a wrong size of the picture, and a picture in both parts", async (t) => {
    const odd = { images: [{ ...image(1, "a.png"), width: 30, height: 40 }, image(2, "b.png")] };
    const root = await labelFolder(t, {
      ...pictures,
      "train.json": coco([person(1, 1, whole), person(2, 2, whole)], odd),
      "test.json": coco([person(1, 2, whole)]),
    });
    const found = await survey(root);
    assert.match(faultLines(found).join("\n"), /size train\.json: images\[0\]: the label says 30 x 40, .* has 40 x 30/);
    assert.match(faultLines(found).join("\n"), /duplicate .*the picture images\/b\.png stands there already/);
    assert.deepEqual([found.train.length, found.test!.length], [0, 0]);
  });

  test("take the box around the joints where an annotation has none", async (t) => {
    const root = await labelFolder(t, {
      ...pictures,
      "all.json": coco([person(1, 1, whole, { bbox: null, area: null })]),
    });
    const { label } = (await survey(root)).train[0]!;
    assert.deepEqual(label.box, { left: 10, top: 8, right: 12.5, bottom: 20 });
    assert.equal(label.areaPx, undefined);
  });
});

const stored = JSON.parse(readFileSync(new URL("../../../test/fixtures/mat-files.json", import.meta.url), "utf8")) as {
  mpii: string;
} & Record<"lsp" | "lspet", { file: string; values: number[][][] }>;

const picturesNumbered = async (count: number, digits: number) =>
  Object.fromEntries(
    await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const picture = await plainPicture(20, 30);
        return [`images/im${String(i + 1).padStart(digits, "0")}.png`, picture] as const;
      }),
    ),
  );

describe("joints of LSP", () => {
  test("are those of joints.mat, hidden ones marked, pixels counted from 0", async (t) => {
    const root = await labelFolder(t, {
      "joints.mat": Buffer.from(stored.lsp.file, "base64"),
      ...(await picturesNumbered(3, 4)),
    });
    const found = await survey(root);
    const [xs, ys, hidden] = stored.lsp.values as [number[][], number[][], number[][]];
    const words = Array.from({ length: 3 }, (_, n) =>
      xs.map((_, j) =>
        [xs[j]![n]! - 1, ys[j]![n]! - 1]
          .map((v) => Number(v.toFixed(4)))
          .concat(hidden[j]![n] ? 1 : 2)
          .join(" "),
      ),
    );
    assert.deepEqual(Object.values(inWords(found.train)), words);
    assert.deepEqual(Object.keys(inWords(found.train))[1], "images/im0002.png");
    assert.deepEqual(faultLines(found), ['missing joints.mat: joints(:, :, 4): there is no picture "im0004.jpg"']);
    const { label } = found.train[0]!;
    assert.deepEqual(
      Object.values(label.box).map((value) => Number(value.toFixed(9))),
      [2, 3, 18, 27],
    );
    const [neck, top] = label.joints.slice(-2);
    assert.ok(Math.abs(label.headPx! - Math.hypot(neck!.x - top!.x, neck!.y - top!.y)) < 1e-12);
  });

  test("of the extended set have no label where it says 0", async (t) => {
    const root = await labelFolder(t, {
      "lspet/joints.mat": Buffer.from(stored.lspet.file, "base64"),
      "lspet/images/im00001.png": [20, 30],
      "lspet/images/im00002.png": [20, 30],
      "lspet/images/im00003.png": [20, 30],
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), []);
    const visible = found.train.map(({ label }) => label.joints.map(({ visibility }) => visibility / 2));
    const flags = [0, 1, 2].map((n) => stored.lspet.values.map((joint) => joint[2]![n]));
    assert.deepEqual(visible, flags);
  });

  test("written out as annotations.json are read with their splits", async (t) => {
    const entry = (file: string, split: string, joints: number[][]) => ({ file, split, width: 40, height: 30, joints });
    const text = JSON.stringify({
      joint_names: ["neck", "head_top"],
      skeleton: [[0, 1]],
      images: [
        entry("a.png", "train", [
          [5, 6, 1],
          [0, 0, 0],
        ]),
        entry("b.png", "test", [
          [5, 6, 1],
          [8, 10, 1],
        ]),
        entry("c.png", "train", [[5, 6, 1]]),
        entry("d.png", "train", [
          [5, 6, 4],
          [8, 10, 1],
        ]),
      ],
    });
    const found = await survey(await labelFolder(t, { ...pictures, "annotations.json": text }));
    assert.deepEqual(inWords(found.train), { "images/a.png": ["5 6 2", "0 0 0"] });
    assert.deepEqual([found.test![0]!.label.headPx, found.train[0]!.label.headPx], [5, null]);
    const faults = faultLines(found);
    assert.match(faults[0]!, /joint annotations\.json: images\[2\]: 1 joints; joint_names has 2/);
    assert.match(faults[1]!, /malformed annotations\.json: images\[3\]: joints\[0\]\[2\]: 4 is not allowed/);
  });

  test("in an array of another shape are refused with the shape", async (t) => {
    const root = await labelFolder(t, { "joints.mat": Buffer.from(stored.mpii, "base64"), ...pictures });
    await assert.rejects(survey(root, { format: "lsp" }), /joints\.mat: needs an array "joints" of 3 x 14 x persons/);
  });
});

describe("joints of MPII", () => {
  test("are read from the nested structs of the MAT-file", async (t) => {
    const root = await labelFolder(t, {
      "mpii_human_pose_v1_u12_1.mat": Buffer.from(stored.mpii, "base64"),
      "images/a.png": [200, 100],
      "images/b.png": [40, 40],
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), []);
    assert.deepEqual(found.passedOver, [
      "mpii_human_pose_v1_u12_1.mat: 1 test picture without labels, not used",
      "mpii_human_pose_v1_u12_1.mat: 1 person without joints, not used",
    ]);
    const words = inWords(found.train);
    assert.deepEqual(Object.keys(words), ["images/a.png#1", "images/a.png#2", "images/b.png#1"]);
    const first = words["images/a.png#1"]!;
    assert.deepEqual(
      [first[0], first[1], first[5], first[8], first[9]],
      ["40 90 2", "0 0 0", "98 94 1", "65 41 2", "63 11.5 2"],
    );
    const { label } = found.train[0]!;
    assert.equal(label.headPx, 0.6 * 50);
    assert.deepEqual(label.box, { left: 19, top: 16.5, right: 119, bottom: 116.5 });
  });

  const joints = Array.from({ length: 16 }, (_, j) => [10 + j, 20 + j, j % 2]);
  joints[3] = [0, 0, 0];

  test("are read from JSON with joint_self, whose isValidation makes the split", async (t) => {
    const entry = (img_paths: string, isValidation: number, more: object = {}) => ({
      ...{ dataset: "MPI", isValidation, img_paths, objpos: [21, 22], scale_provided: 0.2, joint_self: joints },
      ...more,
    });
    const persons = [
      entry("a.png", 0),
      entry("a.png", 0),
      entry("b.png", 1),
      entry("c.png", 0, { scale_provided: -1 }),
    ];
    const root = await labelFolder(t, { ...pictures, "mpii_annotations.json": JSON.stringify(persons) });
    const found = await survey(root);
    assert.deepEqual(
      [Object.keys(inWords(found.train)), Object.keys(inWords(found.test))],
      [["images/a.png#1", "images/a.png#2"], ["images/b.png#1"]],
    );
    assert.deepEqual(inWords(found.train)["images/a.png#1"]!.slice(0, 4), ["9 19 1", "10 20 2", "11 21 1", "0 0 0"]);
    assert.deepEqual(faultLines(found), [
      "malformed mpii_annotations.json: [3]: scale_provided: -1 is not allowed; needs more than 0",
    ]);
  });

  test("are read from JSON with joints_vis, one file per split", async (t) => {
    const entry = (image: string) => ({
      ...{ image, center: [21, 22], scale: 0.2, joints: joints.map(([x, y], j) => (j === 3 ? [-1, -1] : [x, y])) },
      joints_vis: joints.map(([, , visible]) => visible),
    });
    const root = await labelFolder(t, {
      ...pictures,
      "annot/train.json": JSON.stringify([entry("a.png")]),
      "annot/valid.json": JSON.stringify([entry("c.png")]),
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found.test)["images/c.png#1"]!.slice(0, 4), ["9 19 1", "10 20 2", "11 21 1", "0 0 0"]);
    assert.equal(found.train.length, 1);
  });
});

test("a folder without joints, and one with joints in two formats, say what was looked for", async (t) => {
  const none = await labelFolder(t, { ...pictures, "x.json": "{}" });
  await assert.rejects(open(none), (error: Error & { hint?: string }) => {
    assert.match(error.message, /no labels with joints among 4 files/);
    assert.match(error.hint!, /keypoints \(COCO\); joints\.mat .*; mpii_human_pose/);
    return true;
  });
  const both = await labelFolder(t, {
    ...pictures,
    "coco.json": coco([person(1, 1, whole)]),
    "joints.mat": Buffer.from(stored.lsp.file, "base64"),
  });
  await assert.rejects(survey(both), /joints in 2 formats: coco, lsp/);
  assert.equal((await survey(both, { format: "coco" })).train.length, 1);
  await assert.rejects(open(null), /no data folder was given/);
});
