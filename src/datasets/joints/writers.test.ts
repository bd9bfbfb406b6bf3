import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import type { Joint, Visibility } from "../../core/labels.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { skeletonOf } from "../../core/skeleton.ts";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { survey } from "./testing/joint-survey.ts";
import { cocoKeypointResults, cocoKeypointsFile } from "./write-coco-keypoints.ts";
import { yoloPoseDataYaml, yoloPoseText } from "./write-yolo-pose.ts";
import type { PicturePersons, WrittenPerson } from "./written-person.ts";

const skeleton = skeletonOf(
  ["nose", "left_knee", "right_knee", "neck"],
  [
    [0, 3],
    [1, 2],
  ],
  "test",
);
const size = { width: 57, height: 43 };

function randomPerson(random: Random): WrittenPerson {
  const joints = skeleton.jointNames.map((_, j): Joint => {
    const visibility = (j === 0 ? 2 : random.integer(3)) as Visibility;
    if (visibility === 0) return { x: 0, y: 0, visibility };
    return { x: random.next() * size.width, y: random.next() * size.height, visibility };
  });
  const [left, top] = [random.next() * 40, random.next() * 30];
  const box = { left, top, right: left + 1 + random.next() * 16, bottom: top + 1 + random.next() * 12 };
  return { joints, box, areaPx: random.next() * 100 };
}

function randomPictures(seed: number): PicturePersons[] {
  return ["a.png", "deep/b c.png", "ünï.png"].map((name, i) => {
    const random = createRandom(seed, "persons", i);
    return { name, size, persons: Array.from({ length: 1 + random.integer(3) }, () => randomPerson(random)) };
  });
}

for (const seed of [0, 1, 2]) {
  test(`COCO's file reads back as the same persons, seed ${seed}`, async (t) => {
    const pictures = randomPictures(seed);
    const root = await labelFolder(t, {
      ...Object.fromEntries(pictures.map(({ name }) => [`images/${name}`, [size.width, size.height]])),
      "annotations/person_keypoints.json": JSON.stringify(cocoKeypointsFile(pictures, skeleton)),
    });
    const found = await survey(root);
    assert.deepEqual([found.faults, found.passedOver, found.skeleton], [[], [], skeleton]);
    const read = found.train.map(({ picture, label: { joints, areaPx } }) => ({ picture, joints, areaPx }));
    const written = pictures.flatMap(({ name, persons }) =>
      persons.map(({ joints, areaPx }) => ({ picture: `images/${name}`, joints, areaPx })),
    );
    assert.deepEqual(read, written);
    found.train.forEach(({ label }, i) => {
      const { box } = pictures.flatMap(({ persons }) => persons)[i]!;
      for (const side of ["left", "top", "right", "bottom"] as const) {
        assert.ok(Math.abs(label.box[side] - box[side]) < 1e-9);
      }
    });
  });

  test(`YOLO's lines hold every joint to six decimals with its visibility, seed ${seed}`, () => {
    for (const picture of randomPictures(seed)) {
      const lines = yoloPoseText(picture).trimEnd().split("\n");
      assert.equal(lines.length, picture.persons.length);
      lines.forEach((line, i) => {
        const numbers = line.split(" ").map(Number);
        const { joints, box } = picture.persons[i]!;
        assert.equal(numbers.length, 5 + 3 * joints.length);
        assert.ok(numbers.every((value, n) => (n > 4 && (n - 5) % 3 === 2) || (value >= 0 && value <= 1)));
        joints.forEach(({ x, y, visibility }, j) => {
          const [shareX, shareY, flag] = numbers.slice(5 + 3 * j) as [number, number, number];
          assert.equal(flag, visibility);
          assert.ok(Math.abs(shareX * size.width - x) < 57e-6 && Math.abs(shareY * size.height - y) < 57e-6);
        });
        const right = Math.min(size.width, box.right);
        assert.ok(Math.abs((numbers[1]! + numbers[3]! / 2) * size.width - right) < 1e-3);
      });
    }
  });
}

test("YOLO's joints beyond the picture are written as not labelled, and a box without a part of it is refused", () => {
  const box = { left: -10, top: 0, right: 57, bottom: 43 };
  const joints: Joint[] = [
    { x: -1, y: 5, visibility: 2 },
    { x: 57, y: 0, visibility: 1 },
  ];
  assert.equal(
    yoloPoseText({ name: "a.png", size, persons: [{ joints, box }] }),
    "0 0.500000 0.500000 1.000000 1.000000 0.000000 0.000000 0 1.000000 0.000000 1\n",
  );
  const outside = { joints, box: { left: 60, top: 0, right: 70, bottom: 9 } };
  assert.throws(() => yoloPoseText({ name: "a.png", size, persons: [outside] }), /^ForelossError: a\.png: a person/);
});

test("YOLO's data.yaml tells how many joints there are and which swap in a mirror", () => {
  const yaml = parse(yoloPoseDataYaml({ train: "images/train", val: "images/val" }, skeleton)) as object;
  assert.deepEqual(yaml, {
    ...{ path: ".", train: "images/train", val: "images/val", names: { 0: "person" } },
    ...{ kpt_shape: [4, 3], flip_idx: [0, 2, 1, 3], kpt_names: { 0: skeleton.jointNames }, bones: skeleton.bones },
  });
});

test("COCO's list of predictions has a place for every joint and the person's score", () => {
  const person = { ...randomPerson(createRandom(1)), score: 0.25 };
  const [result] = cocoKeypointResults(7, [person]);
  assert.deepEqual([result!.image_id, result!.category_id, result!.score], [7, 1, 0.25]);
  assert.deepEqual(
    result!.keypoints,
    person.joints.flatMap(({ x, y }) => [x, y, 1]),
  );
});
