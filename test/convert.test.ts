// `foreloss convert` as a person meets it: what it prints, where it stops, what it leaves.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import sharp from "sharp";
import { pngOfSize } from "../src/datasets/testing/png-of-size.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");

describe("foreloss convert", () => {
  const root = mkdtempSync(join(tmpdir(), "foreloss-convert-"));
  after(() => rmSync(root, { recursive: true }));
  let folder: string;

  const put = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  const convert = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, "convert", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, out: stdout, err: stderr };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(root, "case-"));
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    for (const [i, part] of ["train", "train", "val"].entries()) put(`mine/${part}/${i}.png`, picture);
    const difficult = "<difficult>1</difficult>";
    for (const [i, part] of ["train", "train", "val"].entries()) {
      const box = `<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>${10 + i}</xmax><ymax>30</ymax></bndbox>`;
      put(
        `mine/${part}/${i}.xml`,
        `<annotation>\n<object><name>cat</name>${i === 0 ? difficult : ""}${box}</object></annotation>`,
      );
    }
  });

  test("writes the folder anew and says what it read, wrote and lost", () => {
    const { status, out, err } = convert("mine", "--to", "coco", "--out", "new/coco");
    assert.equal(status, 0, err);
    assert.equal(
      out,
      'voc to coco: 3 pictures (2 to train on, 1 held out), 3 boxes of 1 class\nlost: 1 times "difficult"\nnew/coco\n',
    );
    const written = JSON.parse(readFileSync(join(folder, "new/coco/annotations/instances_test.json"), "utf8"));
    assert.deepEqual(written.annotations[0].bbox, [0, 0, 12, 30]);
    assert.ok(existsSync(join(folder, "new/coco/images/test/2.png")));
    const figures = JSON.parse(convert("new/coco", "--to", "yolo", "-o", "yolo", "--json").out);
    assert.deepEqual(figures.lost, { difficult: 0, truncated: 0, crowd: 0 });
    assert.deepEqual(
      [figures.from, figures.train, figures.test, figures.boxes, figures.classes],
      ["coco", 2, 1, 3, ["cat"]],
    );
  });

  test("stops at a wrong label and leaves nothing, or leaves the picture out when it is told to", () => {
    put("mine/train/1.xml", "<annotation><object><name>cat</name></annotation>");
    put("mine/train/huge.png", pngOfSize(40_000, 25_000));
    const stopped = convert("mine", "--to", "yolo", "--out", "yolo");
    assert.equal(stopped.status, 1);
    assert.match(stopped.err, /1 malformed label\n {2}train\/1\.xml:1: not XML/);
    assert.match(stopped.err, /hint: .*--skip-bad/);
    assert.equal(existsSync(join(folder, "yolo")), false);
    const skipped = convert("mine", "--to", "yolo", "--out", "yolo", "--skip-bad");
    assert.equal(skipped.status, 0, skipped.err);
    assert.match(skipped.err, /left out: 2 files\n {2}train\/1\.xml:1: not XML/);
    assert.match(skipped.out, /2 pictures \(1 to train on, 1 held out\), 2 boxes/);
  });

  test("joints go from COCO's JSON to YOLO's text, and what has no place there is told", () => {
    const person = (id: number, x: number) => ({
      ...{ id, image_id: 1, category_id: 1, bbox: [2, 3, 20, 20], area: 300, iscrowd: 0 },
      keypoints: [x, 12, 2, 20, 15, 1, 0, 0, 0],
    });
    const category = { id: 1, name: "person", keypoints: ["nose", "left_hip", "right_hip"], skeleton: [[1, 2]] };
    const images = [{ id: 1, file_name: "0.png", width: 40, height: 30 }];
    put(
      "mine/joints.json",
      JSON.stringify({ images, annotations: [person(1, 10), person(2, -1)], categories: [category] }),
    );
    const { status, out, err } = convert("mine", "--to", "yolo-pose", "--out", "yolo");
    assert.equal(status, 0, err);
    assert.equal(
      out,
      'coco to yolo-pose: 1 picture (no split), 2 persons of 3 joints\nlost: 2 times "area of the outline"\nlost: 1 times "joint beyond the picture"\nyolo\n',
    );
    const lines = readFileSync(join(folder, "yolo/labels/0.txt"), "utf8").split("\n");
    assert.match(lines[0]!, /^0 0.300000 0.433333 0.500000 0.666667 0.250000 0.400000 2 0.500000 0.500000 1 0.000000/);
    assert.ok(existsSync(join(folder, "yolo/images/0.png")));
    const back = convert("yolo", "--from", "yolo", "--to", "coco-keypoints", "-o", "back");
    assert.equal(back.out, "yolo to coco-keypoints: 1 picture (no split), 2 persons of 3 joints\nback\n", back.err);
    const returned = JSON.parse(readFileSync(join(folder, "back/annotations/person_keypoints.json"), "utf8"));
    assert.deepEqual(
      [returned.categories[0].keypoints, returned.categories[0].skeleton],
      [category.keypoints, [[1, 2]]],
    );
    assert.deepEqual(
      returned.annotations.map(({ keypoints }: { keypoints: number[] }) => keypoints.map((value) => +value.toFixed(3))),
      [person(1, 10).keypoints, [0, 0, 0, ...person(2, -1).keypoints.slice(3)]],
    );
    const figures = JSON.parse(convert("mine", "--to", "coco-keypoints", "-o", "coco", "--json").out);
    assert.deepEqual([figures.from, figures.train, figures.test, figures.persons], ["coco", 1, null, 2]);
    const file = JSON.parse(readFileSync(join(folder, "coco/annotations/person_keypoints.json"), "utf8"));
    assert.deepEqual([file.categories[0].keypoints, file.annotations[1].keypoints[0]], [category.keypoints, -1]);
    const crossed = convert("mine", "--to", "yolo-pose", "--from", "voc", "-o", "x");
    assert.deepEqual([crossed.status, existsSync(join(folder, "x"))], [2, false]);
    assert.match(crossed.err, /--from voc: cannot become yolo-pose; needs coco, lsp, mpii, yolo or auto/);
  });

  test("refuses to write where something is, or into what it reads, and an unknown format", () => {
    assert.match(convert("mine", "--to", "voc", "--out", ".").err, /not empty|lies in the folder/);
    assert.match(convert("mine", "--to", "voc", "--out", "mine/voc").err, /lies in the folder of pictures/);
    const unknown = convert("mine", "--to", "vox", "--out", "x");
    assert.equal(unknown.status, 2);
    assert.match(unknown.err, /voc, coco, yolo/);
  });
});
