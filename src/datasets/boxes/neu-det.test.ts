import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { parseCsv } from "../../records/csv.ts";
import { boxFormats } from "./open-labels.ts";
import type { BoxSurvey } from "./survey-boxes.ts";
import { open, survey } from "./testing/box-survey.ts";
import { writeBoxes } from "./write-boxes.ts";

const folder = path.join(process.env.FORELOSS_DATA ?? "", "neu_det");
const skip = existsSync(path.join(folder, "annotations.csv"))
  ? false
  : "FORELOSS_DATA holds no neu_det/annotations.csv";

/** `split file class xmin ymin xmax ymax` per box, corners as VOC counts them, sorted. */
function rowsOf({ classNames, train, test: held }: BoxSurvey): string[] {
  const rows = (split: string, pictures: BoxSurvey["train"]) =>
    pictures.flatMap(({ id, label }) =>
      label.objects.map(({ classIndex, left, top, right, bottom }) => {
        const corners = [left + 1, top + 1, right, bottom].map((value) => Number(value.toFixed(2)));
        return [split, path.basename(id), classNames[classIndex], ...corners].join(" ");
      }),
    );
  return [...rows("train", train), ...rows("test", held ?? [])].sort();
}

describe("NEU-DET", { skip }, () => {
  test("has the boxes that its own table lists", async () => {
    const found = await survey(folder);
    const [, ...rows] = parseCsv(readFileSync(path.join(folder, "annotations.csv"), "utf8"), "annotations.csv");
    const listed = rows.map(({ cells: [file, split, _width, _height, ...box] }) => [split, file, ...box].join(" "));
    assert.deepEqual(rowsOf(found), listed.sort());
    assert.deepEqual([found.train.length, found.test?.length, listed.length], [1440, 360, 4189]);
    assert.deepEqual(found.faults, []);
  });

  test("hands out its pictures, stretched, in grey as they are", async () => {
    const { train, imageSize, classNames } = await open(folder, { sidePx: 32 });
    assert.equal(classNames.length, 6);
    const pixels = new Uint8Array(4 * 3 * imageSize.width * imageSize.height);
    await train.read(Uint32Array.of(0, 500, 1000, 1439), pixels);
    assert.deepEqual(pixels.subarray(0, 1024), pixels.subarray(1024, 2048));
    assert.ok(new Set(pixels).size > 100);
  });

  for (const format of boxFormats) {
    test(`is the same after it was written as ${format}`, async (t) => {
      const out = await mkdtemp(path.join(tmpdir(), "foreloss-neu-"));
      t.after(() => rm(out, { recursive: true }));
      const found = await survey(folder);
      const withFiles = (pictures: BoxSurvey["train"]) =>
        pictures.map((picture) => ({ ...picture, file: path.join(folder, picture.id) }));
      const { classNames, train } = found;
      await writeBoxes(out, format, { classNames, train: withFiles(train), test: withFiles(found.test!) });
      const again = await survey(out);
      assert.equal(again.format, format);
      assert.deepEqual(rowsOf(again), rowsOf(found));
    });
  }
});
