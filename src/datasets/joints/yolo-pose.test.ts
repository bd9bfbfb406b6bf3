import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import type { Joint, Visibility } from "../../core/labels.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { faultLines, inWords, open, survey } from "./testing/joint-survey.ts";
import { writeJoints } from "./write-joints.ts";

const picture = [40, 30] as const;
const yaml = (more = "") => `train: images/train\nval: images/val\nnames: {0: person}\n${more}`;
const three = yaml("kpt_shape: [3, 3]\nkpt_names: {0: [nose, left_hip, right_hip]}\n");
const one = "0 0.5 0.5 0.5 0.5 0.25 0.5 2 0.5 0.5 1 0 0 0";

describe("joints of YOLO", () => {
  test("make an item of every line, named by its number, with box and visibilities", async (t) => {
    const root = await labelFolder(t, {
      "data.yaml": three,
      "images/train/a.png": picture,
      "images/train/none.png": picture,
      "images/train/empty.png": picture,
      "images/val/b.png": picture,
      "labels/train/a.txt": `${one}\r\n\r\n0 .5 .5 1 1 1 1 2.0 0.3 0.3 0 0 0 2\r\n`,
      "labels/train/empty.txt": "",
      "labels/val/b.txt": `${one}\n0 0.5 0.5 0.5 0.5 0 0 0 0 0 0 0 0 0\n`,
    });
    const found = await survey(root);
    assert.deepEqual([found.format, found.faults], ["yolo", []]);
    assert.deepEqual(inWords(found.train), {
      "images/train/a.png#1": ["10 15 2", "20 15 1", "0 0 0"],
      "images/train/a.png#3": ["40 30 2", "0 0 0", "0 0 2"],
    });
    assert.deepEqual(Object.keys(inWords(found.test)), ["images/val/b.png#1"]);
    const [{ label }] = found.train as [(typeof found.train)[number]];
    assert.deepEqual(label.box, { left: 10, top: 7.5, right: 30, bottom: 22.5 });
    assert.deepEqual([label.headPx, label.areaPx, label.picture], [null, undefined, "images/train/a.png"]);
    assert.deepEqual(found.skeleton, { jointNames: ["nose", "left_hip", "right_hip"], bones: [], mirrorOf: [0, 2, 1] });
    assert.deepEqual(found.passedOver, [
      "images/train/none.png: no label",
      "data.yaml, train: 1 picture without a person, not used",
      "data.yaml, val: 1 person without a labelled joint, not used",
    ]);
    const data = await open(root);
    assert.deepEqual([data.train.ids.length, data.test.ids.length], [2, 1]);
  });

  test("without visibilities have no label at 0, 0 and are visible everywhere else", async (t) => {
    const root = await labelFolder(t, {
      "data.yaml": "names: [adult, child]\nkpt_shape: [3, 2]\nflip_idx: [0, 2, 1]\n",
      "a.png": picture,
      "a.txt": "1 0.5 0.5 0.5 0.5 0.25 0.5 0 0 0 0.1\n",
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found.train), { "a.png#1": ["10 15 2", "0 0 0", "0 3 2"] });
    assert.deepEqual(found.skeleton.jointNames, ["joint_0", "joint_1", "joint_2"]);
    assert.deepEqual(found.skeleton.mirrorOf, [0, 2, 1]);
    assert.deepEqual(found.passedOver, ["data.yaml: adult, child: classes that are not told apart"]);
  });

  test("are COCO's person where there are 17 without names that swap as COCO's do", async (t) => {
    const root = await labelFolder(t, {
      "data.yaml":
        "names: [person]\nkpt_shape: [17, 3]\nflip_idx: [0,2,1,4,3,6,5,8,7,10,9,12,11,14,13,16,15]\nbones: [[0, 1]]\n",
      "a.png": picture,
      "a.txt": `0 0.5 0.5 0.5 0.5${" 0.5 0.5 2".repeat(17)}\n`,
    });
    const { skeleton } = await survey(root);
    assert.deepEqual([skeleton.jointNames[0], skeleton.jointNames[16]], ["nose", "right_ankle"]);
    assert.deepEqual(skeleton, skeletonOf(skeleton.jointNames, [[0, 1]], "test"));
  });

  test("name file and line of everything that is wrong, and leave only these persons out", async (t) => {
    const root = await labelFolder(t, {
      "data.yaml": three,
      "images/train/a.png": picture,
      "images/train/b.jpg": picture,
      "images/train/b.png": picture,
      "images/val/c.png": "no picture",
      "labels/train/a.txt": [
        one,
        "1 0.5 0.5 0.5 0.5 0.25 0.5 2 0.5 0.5 1 0 0 0",
        "0 0.5 0.5 0.5 0.5 0.25 0.5 2 0.5 0.5 1 0 0",
        "0 0.5 0.5 0.5 0.5",
        "0 0.5 x 0.5 0.5 0.25 0.5 2 0.5 0.5 1 0 0 0",
        "0 0.5 0.5 0.5 0.5 0.25 0.5 2 0.5 0.5 3 0 0 0",
        "0 0.5 0.5 0.5 0.5 2.5 0.5 2 0.5 0.5 1 0 0 0",
        "0 0.5 0.5 0 0.5 0.25 0.5 2 0.5 0.5 1 0 0 0",
        "0 1.5 0.5 0.5 0.5 0.25 0.5 2 0.5 0.5 1 0 0 0",
      ].join("\n"),
      "labels/train/b.txt": one,
      "labels/train/gone.txt": one,
      "labels/val/c.txt": one,
    });
    const found = await survey(root);
    assert.deepEqual(Object.keys(inWords(found.train)), ["images/train/a.png#1"]);
    const needed = "a person has 14: class, box, x, y and visibility of 3 joints";
    assert.deepEqual(faultLines(found), [
      "class labels/train/a.txt:2: class 1; there are 0 to 0",
      `malformed labels/train/a.txt:3: 13 numbers; ${needed}`,
      `malformed labels/train/a.txt:4: 5 numbers; ${needed}`,
      'malformed labels/train/a.txt:5: "x" is not a number',
      "joint labels/train/a.txt:6: visibility 3 of left_hip; it is 0, 1 or 2",
      "ambiguous labels/train/b.txt: fits images/train/b.jpg and images/train/b.png",
      "ambiguous labels/train/b.txt: fits images/train/b.jpg and images/train/b.png",
      "missing labels/train/gone.txt: there is no picture for it",
      "joint labels/train/a.txt:7: nose at (100, 15) is far outside its picture of 40 x 30",
      "empty labels/train/a.txt:8: the box (20, 7.5, 20, 22.5) has no area",
      "outside labels/train/a.txt:9: the box (50, 7.5, 70, 22.5) lies outside its picture of 40 x 30",
      "unreadable images/val/c.png: not readable (Input file contains unsupported image format)",
    ]);
    await assert.rejects(open(root), /3 malformed labels.*/);
  });

  test("stop where data.yaml contradicts itself or does not say which joints swap", async (t) => {
    const refused = async (more: string, message: RegExp) => {
      const root = await labelFolder(t, { "data.yaml": `names: [person]\n${more}`, "a.png": picture, "a.txt": one });
      await assert.rejects(survey(root), message);
    };
    await refused("kpt_shape: [3, 3]", /data\.yaml: neither flip_idx nor kpt_names say which joints swap/);
    await refused("kpt_shape: [3, 4]\nflip_idx: [0, 1, 2]", /data\.yaml: kpt_shape\[1\]: 4 is not allowed/);
    await refused("kpt_shape: [3, 3]\nflip_idx: [0, 1]", /data\.yaml: flip_idx has 2 numbers, but kpt_shape says 3/);
    await refused("kpt_shape: [3, 3]\nflip_idx: [1, 2, 0]", /joint 0 becomes 1 in a mirror, but 1 becomes 2/);
    await refused("kpt_shape: [3, 3]\nflip_idx: [0, 1, 7]", /joint 2 becomes 7 in a mirror, but 7 becomes none/);
    await refused("kpt_shape: [3, 3]\nkpt_names: [a, b]", /data\.yaml: kpt_names has 2 names, but kpt_shape says 3/);
    await refused("kpt_shape: [1, 3]\nkpt_names: {0: [a], 1: [b]}", /data\.yaml: kpt_names differ between classes/);
  });
});

const skeleton = skeletonOf(
  ["head_top", "left_knee", "right_knee", "neck"],
  [
    [0, 3],
    [1, 2],
  ],
  "test",
);
const size = { width: 57, height: 43 };

function randomLabel(random: Random) {
  const joints = skeleton.jointNames.map((_, j): Joint => {
    const visibility = (j === 0 ? 2 : random.integer(3)) as Visibility;
    if (visibility === 0) return { x: 0, y: 0, visibility };
    return { x: random.next() * size.width, y: random.next() * size.height, visibility };
  });
  const [left, top] = [random.next() * 40, random.next() * 30];
  const box = { left, top, right: left + 1 + random.next() * 16, bottom: top + 1 + random.next() * 12 };
  return { size, joints, box, headPx: null };
}

for (const seed of [0, 1, 2, 3]) {
  test(`a folder written as YOLO reads back as the same persons and skeleton, and again as the same bytes, seed ${seed}`, async (t) => {
    const random = createRandom(seed, "persons");
    const names = ["a.png", "deep/b c.png", "ünï.png", "d.png"];
    const source = await labelFolder(t, Object.fromEntries(names.map((name) => [name, [size.width, size.height]])));
    const persons = names.map((name) =>
      Array.from({ length: 1 + random.integer(4) }, (_, i) => ({
        id: `${name}#${i + 1}`,
        picture: name,
        label: randomLabel(random),
      })),
    );
    const split = { train: persons.slice(0, 3).flat(), test: persons.slice(3).flat() };
    const written = path.join(source, "yolo");
    await writeJoints(written, "yolo-pose", { root: source, skeleton, ...split });
    const found = await survey(written);
    assert.deepEqual([found.faults, found.passedOver, found.skeleton], [[], [], skeleton]);
    for (const part of ["train", "test"] as const) {
      const folder = part === "train" ? "images/train" : "images/val";
      const expected = new Map(split[part].map(({ id, label }) => [`${folder}/${id}`, label]));
      assert.deepEqual(found[part]!.map(({ id }) => id).sort(), [...expected.keys()].sort());
      for (const { id, label } of found[part]!) {
        const { joints, box } = expected.get(id)!;
        assert.deepEqual(
          label.joints.map(({ visibility }) => visibility),
          joints.map(({ visibility }) => visibility),
        );
        label.joints.forEach(({ x, y }, j) => {
          assert.ok(Math.hypot(x - joints[j]!.x, y - joints[j]!.y) < 57e-6, `${id}, joint ${j}`);
        });
        const inside = { ...box, right: Math.min(size.width, box.right), bottom: Math.min(size.height, box.bottom) };
        for (const side of ["left", "top", "right", "bottom"] as const) {
          assert.ok(Math.abs(label.box[side] - inside[side]) < 1e-4, `${id}, ${side}`);
        }
      }
    }
    const again = path.join(source, "again");
    await writeJoints(again, "yolo-pose", { ...found, root: written });
    for (const file of ["data.yaml", "labels/train/a.txt", "labels/train/deep/b c.txt", "labels/val/d.txt"]) {
      assert.equal(await readFile(path.join(again, file), "utf8"), await readFile(path.join(written, file), "utf8"));
    }
  });
}
