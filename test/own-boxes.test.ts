// A person's own pictures with boxes through the command line: trained on, scored, chosen from, exported, an experiment of
// their own with a report that shows the boxes.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import { createRandom } from "../src/core/random.ts";
import type { Results } from "../src/records/results.ts";
import { ownFolder } from "./own-folder.ts";

const recipe = {
  name: "mine",
  task: "detection",
  dataset: { kind: "boxes", sidePx: 32, testShare: 0.25 },
  model: { width: 2, stemStride: 1, extraMaps: 1, priorRatios: [] },
  training: { batch: 4, steps: 4, averaging: { decay: 0.5 } },
  labelling: { initial: 6, perCycle: 3, cycles: 2 },
  arms: [
    { name: "random", strategy: "random" },
    { name: "learned-loss", strategy: "learned-loss", lossPrediction: true },
  ],
};

/** A bright box on a dark picture that is wider than high, as JPEG and as Pascal VOC has it. */
async function scene(i: number): Promise<{ picture: Buffer; xml: string }> {
  const random = createRandom(i, "own-boxes");
  const [width, height] = [60 + random.integer(30), 40 + random.integer(10)];
  const [w, h] = [15 + random.integer(20), 12 + random.integer(15)];
  const [left, top] = [random.integer(width - w), random.integer(height - h)];
  const name = i % 2 === 0 ? "lamp" : "red & white";
  const box = sharp({ create: { width: w, height: h, channels: 3, background: i % 2 === 0 ? "yellow" : "red" } }).png();
  const dark = sharp({ create: { width, height, channels: 3, background: "#102030" } });
  const picture = await dark
    .composite([{ input: await box.toBuffer(), left, top }])
    .jpeg()
    .toBuffer();
  const corners = `<xmin>${left + 1}</xmin><ymin>${top + 1}</ymin><xmax>${left + w}</xmax><ymax>${top + h}</ymax>`;
  const object = `<object><name>${name.replace("&", "&amp;")}</name><bndbox>${corners}</bndbox></object>`;
  const size = `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
  return { picture, xml: `<annotation><filename>${i}.jpg</filename>${size}${object}</annotation>` };
}

describe("a folder of one's own pictures with boxes", () => {
  const { folder, put, foreloss, attempt } = ownFolder();

  before(async () => {
    for (let i = 0; i < 16; i++) {
      const { picture, xml } = await scene(i);
      put(`labelled/${i}.jpg`, picture);
      put(`labelled/${i}.xml`, xml);
      if (i < 5) put(`unlabelled/${i}.jpg`, picture);
    }
    put("recipe.json", JSON.stringify(recipe));
  });

  test("is trained on, scored, chosen from and exported, one command after another", () => {
    const trained = foreloss("train", "labelled", "--recipe", "recipe.json", "--out", "model", "--threads", "1");
    assert.match(trained.err, /training on 12 pictures, 4 held out/);
    assert.match(
      trained.out,
      /^4 steps in .*\nmAP@0\.5 .* held out, .* on what it was trained on\npredicted losses in the right order/,
    );
    const scored = foreloss(
      ...["score", "unlabelled", "--model", "model", "--out", "scores.csv", "--embeddings", "pool.npy"],
    );
    assert.equal(scored.out, "5 pictures scored: scores.csv, pool.npy\n");
    const table = readFileSync(join(folder, "scores.csv"), "utf8").trimEnd().split("\n");
    assert.equal(table[0], "item,predicted_loss,entropy,margin,least_confidence,predicted_objects");
    assert.equal(table.length, 1 + 5);
    for (const [strategy, ...more] of [["learned-loss"], ["entropy"], ["core-set", "--embeddings", "pool.npy"]]) {
      const picks = foreloss("select", "scores.csv", "--strategy", strategy!, "--count", "2", ...more).out;
      assert.equal(picks.trimEnd().split("\n").length, 1 + 2);
    }
    foreloss("export", "model", "--out", "exported");
    assert.deepEqual(readdirSync(join(folder, "exported")).sort(), ["model.onnx", "weights.safetensors"]);
  });

  test("is an experiment of its own, and the report draws the boxes over what was chosen", () => {
    const { out } = foreloss("run", "recipe.json", "--data", "labelled", "--out", "run", "--threads", "1");
    assert.match(out, /mAP@0\.5 in % by number of labels/);
    const results = JSON.parse(readFileSync(join(folder, "run", "results.json"), "utf8")) as Results;
    assert.deepEqual([results.task, results.dataset.classes], ["detection", ["lamp", "red & white"]]);
    const picks = results.arms.flatMap((arm) => arm.seeds.flatMap((seed) => seed.cycles.flatMap(({ picks }) => picks)));
    assert.equal(picks.length, 2 * 3);
    assert.ok(picks.every(({ seen }) => seen !== undefined));
    const page = readFileSync(join(folder, "run", "report.html"), "utf8");
    assert.match(page, /<rect class="known" [^>]*><title>(lamp|red &amp; white)<\/title>/);
    assert.equal(foreloss("report", "run", "--data", "labelled", "--out", "page.html").out, "page.html\n");
    assert.equal(readFileSync(join(folder, "page.html"), "utf8"), page);
  });

  test("a recipe whose pictures do not fit its model is refused before anything is trained", () => {
    put("paper.json", JSON.stringify({ ...recipe, model: { kind: "ssd300-vgg16" } }));
    const { status, err } = attempt("run", "paper.json", "--data", "labelled", "--out", "none", "--threads", "1");
    assert.equal(status, 1);
    assert.match(err, /model "ssd300-vgg16": needs pictures of 300 x 300, the data gives 32 x 32/);
  });
});
