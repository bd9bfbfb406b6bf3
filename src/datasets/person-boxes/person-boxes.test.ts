import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import sharp from "sharp";
import { createRandom } from "../../core/random.ts";
import { readCrop } from "../joints/person-source.ts";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { openPersonBoxes, type PersonBoxes } from "./open-person-boxes.ts";

const picture = [40, 30] as const;

function openBoxes(folder: string, boxes: string, more: Partial<PersonBoxes> = {}) {
  return openPersonBoxes(folder, { boxes, format: "auto", skipBad: false, ...more }, 16);
}

const image = (id: number, file_name: string) => ({ id, file_name, width: 40, height: 30 });
const box = (image_id: number, bbox: number[], more: object = {}) => ({ image_id, category_id: 1, bbox, ...more });
const coco = (images: object[], annotations: object[], names = ["person"]) =>
  JSON.stringify({ images, annotations, categories: names.map((name, i) => ({ id: i + 1, name })) });
const xml = (name: string, ...corners: number[][]) =>
  `<annotation>${corners
    .map(
      ([x0, y0, x1, y1]) =>
        `<object><name>${name}</name><bndbox><xmin>${x0}</xmin><ymin>${y0}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax></bndbox></object>`,
    )
    .join("\n")}</annotation>`;

const pool = { "pool/a.png": picture, "pool/deep/b.png": picture, "pool/none.png": picture } as const;
const yolo = { "a.txt": "0 .5 .5 .5 .5\n0 .25 .5 .5 1\n", "deep/b.txt": "0 0.5 0.5 0.1 0.2\n" };
const under = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

const layouts: Record<string, { files: Readonly<Record<string, string>>; boxes: string }> = {
  "one COCO file, whatever it is called": {
    boxes: "person_keypoints_x.json",
    files: {
      "person_keypoints_x.json": coco(
        [image(1, "/elsewhere/pool/a.png"), image(2, "deep/b.png"), image(3, "none.png")],
        [box(1, [10, 7.5, 20, 15]), box(2, [18, 12, 4, 6]), box(1, [0, 0, 20, 30])],
      ),
    },
  },
  "YOLO beside the pictures": { boxes: "pool", files: { ...under("pool", yolo), "pool/classes.txt": "person\n" } },
  "YOLO in a folder of its own": {
    boxes: "boxes",
    files: { ...under("boxes", yolo), "boxes/classes.txt": "person\n" },
  },
  "YOLO as another tool exports it, its splits left aside": {
    boxes: "boxes",
    files: {
      ...under("boxes/labels", yolo),
      "boxes/data.yaml": "train: images/train\nval: images/val\nnames: {0: cat, 1: Person}\n",
      "boxes/labels/a.txt": "1 .5 .5 .5 .5\n0 .5 .5 1 1\n1 .25 .5 .5 1\n",
      "boxes/labels/deep/b.txt": "1 0.5 0.5 0.1 0.2\n",
    },
  },
  "Pascal VOC in a folder of its own": {
    boxes: "boxes",
    files: {
      "boxes/Annotations/a.xml": xml("person", [11, 8.5, 30, 22.5], [1, 1, 20, 30]),
      "boxes/Annotations/deep/b.xml": xml("person", [19, 13, 22, 18]),
      "boxes/ImageSets/Main/train.txt": "a\n",
    },
  },
  "boxes around the folder of pictures": {
    boxes: ".",
    files: { ...under("pool", yolo), "classes.txt": "person\n" },
  },
};

describe("boxes of persons", () => {
  for (const [what, { files, boxes }] of Object.entries(layouts)) {
    test(`are read from ${what}, an item each, numbered in its picture`, async (t) => {
      const root = await labelFolder(t, { ...pool, ...files });
      const { ids, groups, labels, skipped } = await openBoxes(path.join(root, "pool"), path.join(root, boxes));
      const found = ids.map((id, i) => [id, groups[i], labels[i]]).sort();
      assert.deepEqual(found, [
        ["a.png#1", "a.png", -1],
        ["a.png#2", "a.png", -1],
        ["deep/b.png#1", "deep/b.png", -1],
      ]);
      assert.ok(skipped.includes("none.png: no box of a person"));
    });
  }

  test("cut persons out as they are cut out for training, turned pictures too", async (t) => {
    const random = createRandom(0, "noise");
    const noise = Buffer.from(Uint8Array.from({ length: 3 * 40 * 30 }, () => random.integer(256)));
    const raw = { raw: { width: 40, height: 30, channels: 3 } } as const;
    const turned = await sharp(noise, raw).withMetadata({ orientation: 6 }).png().toBuffer();
    const root = await labelFolder(t, {
      "pool/a.png": turned,
      "boxes.json": coco([{ id: 1, file_name: "a.png" }], [box(1, [-2, 5, 12, 20])]),
    });
    const folder = path.join(root, "pool");
    const persons = await openBoxes(folder, path.join(root, "boxes.json"));
    const seen = new Uint8Array(3 * 16 * 16);
    await persons.read(Uint32Array.of(0), seen);
    const label = { size: { width: 30, height: 40 }, box: { left: -2, top: 5, right: 10, bottom: 25 } };
    assert.deepEqual(seen, await readCrop({ file: path.join(folder, "a.png"), label }, 16));
    assert.ok(new Set(seen).size > 50);
  });

  test("that are wrong are listed with their place; only these persons are left out where that is wanted", async (t) => {
    const annotations = [
      box(1, [10, 8, 20, 15]),
      box(1, [10, 8, 0, 15]),
      box(1, [50, 8, 5, 5]),
      box(1, [5, 5, 9, 9]),
      box(2, [5, 5, 9, 9], { iscrowd: 1 }),
      box(2, [5, 5, 9, 9], { category_id: 2 }),
      box(3, [5, 5, 9, 9]),
      box(4, [5, 5, 9, 9]),
      box(9, [5, 5, 9, 9]),
    ];
    const images = [
      image(1, "a.png"),
      image(2, "deep/b.png"),
      image(3, "gone.png"),
      { ...image(4, "none.png"), width: 9 },
    ];
    const root = await labelFolder(t, {
      ...pool,
      "pool/torn.png": "no picture",
      "boxes.json": coco([...images, image(5, "torn.png")], [...annotations, box(5, [1, 1, 5, 5])], ["person", "dog"]),
    });
    const [folder, boxes] = [path.join(root, "pool"), path.join(root, "boxes.json")];
    await assert.rejects(openBoxes(folder, boxes), (error: Error & { hint?: string }) => {
      assert.match(error.message, /boxes\.json: 2 labels without a picture, 1 wrong picture size, 1 box outside its/);
      assert.match(error.message, /\n {2}boxes\.json: annotations\[1\]: the box \(10, 8, 10, 23\) has no area/);
      assert.match(error.hint!, /--skip-bad/);
      return true;
    });
    const { ids, skipped } = await openBoxes(folder, boxes, { skipBad: true });
    assert.deepEqual(ids, ["a.png#1", "a.png#4"]);
    assert.deepEqual(
      skipped.map((line) => line.replaceAll(root, "")),
      [
        'boxes.json: images[2]: there is no picture "gone.png"',
        "boxes.json: annotations[8]: image_id 9 is in no entry of images",
        "boxes.json: annotations[1]: the box (10, 8, 10, 23) has no area",
        "boxes.json: annotations[2]: the box (50, 8, 55, 13) lies outside its picture of 40 x 30",
        "boxes.json: images[3]: the label says 9 x 30, the picture none.png has 40 x 30",
        "torn.png: not readable (Input file contains unsupported image format)",
        "deep/b.png: no box of a person",
        "/boxes.json: 1 box of another class, not used",
        "/boxes.json: 1 crowd, not used",
      ],
    );
  });

  test("are refused where nobody says which they are, or there are none", async (t) => {
    const root = await labelFolder(t, {
      ...pool,
      "pets.json": coco([image(1, "a.png")], [box(1, [1, 1, 5, 5])], ["cat", "dog"]),
      "empty.json": coco([image(1, "a.png")], []),
      "other.json": "{}",
      "a.txt": "0 .5 .5 .5 .5",
      "twice/a.json": coco([image(1, "a.png")], [box(1, [1, 1, 5, 5])]),
      "twice/b.json": coco([image(1, "a.png")], [box(1, [1, 1, 5, 5])]),
    });
    const refused = async (boxes: string, message: RegExp) =>
      await assert.rejects(openBoxes(path.join(root, "pool"), path.join(root, boxes)), message);
    await refused("pets.json", /pets\.json: no class "person" among cat, dog/);
    await refused("empty.json", /empty\.json: no box of a person in a picture of .*pool/);
    await refused("other.json", /other\.json: no lists images, annotations and categories/);
    await refused("a.txt", /a\.txt: a single file of boxes is JSON as COCO has it/);
    await refused("twice", /1 duplicate\n {2}.*b\.json: images\[0\]: the picture a\.png stands there already/);
    await refused("gone", /gone: no such folder/);
    await refused("gone.json", /gone\.json: no such file/);
  });
});
