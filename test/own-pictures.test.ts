// A person's own pictures through the command line, from a folder to picks, a report and an exported model. The folder has
// what such folders have: three formats, many sizes, a file that is no picture and one that claims a billion pixels.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import { createRandom } from "../src/core/random.ts";
import { pngOfSize } from "../src/datasets/testing/png-of-size.ts";
import type { Results } from "../src/records/results.ts";
import { ownFolder } from "./own-folder.ts";

const recipe = {
  name: "mine",
  dataset: { kind: "folder", sidePx: 16, resize: "fit", testShare: 0.25 },
  model: { width: 4 },
  training: { batch: 8, steps: 6, averaging: { decay: 0.5 } },
  labelling: { initial: 6, perCycle: 3, cycles: 2 },
  arms: [
    { name: "random", strategy: "random" },
    { name: "learned-loss", strategy: "learned-loss", lossPrediction: true },
  ],
};

/** A plain picture of a colour near `hue`, of a size of its own. */
async function picture(hue: number, i: number): Promise<Buffer> {
  const random = createRandom(i, "own-pictures", hue);
  const side = () => 12 + random.integer(60);
  const background = { r: hue, g: random.integer(60), b: 255 - hue };
  const made = sharp({ create: { width: side(), height: side(), channels: 3, background } });
  return await made.toFormat((["jpeg", "png", "webp"] as const)[i % 3]!).toBuffer();
}

describe("a folder of one's own pictures", () => {
  const { folder, put, foreloss } = ownFolder();

  /** Everything that would show that a folder was touched. */
  function stateOf(path: string): string[] {
    const names = readdirSync(join(folder, path), { recursive: true, encoding: "utf8" }).sort();
    return names.map((name) => `${name} ${statSync(join(folder, path, name)).mtimeMs}`);
  }

  before(async () => {
    const extensions = ["jpg", "png", "webp"];
    for (let i = 0; i < 9; i++) {
      put(`labelled/reds/${i}.${extensions[i % 3]}`, await picture(220, i));
      put(`labelled/blues/${i}.${extensions[i % 3]}`, await picture(30, i));
      put(`unlabelled/${i % 2}/${i}.${extensions[i % 3]}`, await picture(100, i));
    }
    put("labelled/reds/torn.jpg", "not a picture");
    put("unlabelled/huge.png", pngOfSize(40_000, 25_000));
    put("recipe.json", JSON.stringify(recipe));
  });

  test("is trained on, scored, chosen from and exported, one command after another", () => {
    const before = [stateOf("labelled"), stateOf("unlabelled")];
    const trained = foreloss("train", "labelled", "--recipe", "recipe.json", "--out", "model", "--threads", "1");
    assert.match(trained.err, /left out: 1 file\n {2}reds\/torn\.jpg: not readable/);
    assert.match(trained.err, /training on 14 pictures, 4 held out/);
    assert.match(
      trained.out,
      /^6 steps in .*\naccuracy .* held out, .* on what it was trained on\npredicted losses in the right order/,
    );

    const scored = foreloss(
      ...["score", "unlabelled", "--model", "model", "--out", "scores.csv", "--embeddings", "pool.npy"],
    );
    assert.match(scored.err, /huge\.png: 40000 x 25000 pixels, more than 200000000/);
    assert.equal(scored.out, "9 pictures scored: scores.csv, pool.npy\n");
    const table = readFileSync(join(folder, "scores.csv"), "utf8").trimEnd().split("\n");
    assert.equal(table[0], "item,predicted_loss,entropy,margin,least_confidence,predicted_class");
    assert.equal(table.length, 1 + 9);
    assert.match(table[1]!, /^0\/0\.jpg(,-?[\d.e-]+){4},(reds|blues)$/);

    for (const [strategy, ...more] of [["learned-loss"], ["margin"], ["core-set", "--embeddings", "pool.npy"]]) {
      const picks = foreloss("select", "scores.csv", "--strategy", strategy!, "--count", "4", ...more).out;
      const items = picks.trimEnd().split("\n").slice(1);
      assert.equal(items.length, 4);
      for (const line of items) assert.ok(stateOf("unlabelled").some((name) => name.startsWith(line.split(",")[1]!)));
    }

    foreloss("export", "model", "--out", "exported");
    assert.deepEqual(readdirSync(join(folder, "exported")).sort(), ["model.onnx", "weights.safetensors"]);
    const again = { ...recipe, name: "again", model: { width: 4, weights: "exported/weights.safetensors" } };
    put("again.json", JSON.stringify(again));
    foreloss("train", "labelled", "--recipe", "again.json", "--out", "model-2", "--threads", "1");
    assert.deepEqual([stateOf("labelled"), stateOf("unlabelled")], before);
  });

  test("is an experiment of its own, with a held-out share that is never chosen, and a report with the pictures", () => {
    const before = stateOf("labelled");
    const { out, err } = foreloss("run", "recipe.json", "--data", "labelled", "--out", "run", "--threads", "1");
    assert.match(err, /left out: 1 file/);
    assert.match(out, /learned-loss/);
    const results = JSON.parse(readFileSync(join(folder, "run", "results.json"), "utf8")) as Results;
    assert.deepEqual([results.dataset.train, results.dataset.test], [14, 4]);
    const picks = results.arms.flatMap((arm) => arm.seeds.flatMap((seed) => seed.cycles.flatMap(({ picks }) => picks)));
    assert.equal(picks.length, 2 * 3);
    assert.ok(picks.every(({ item }) => /^(reds|blues)\/\d\.(jpg|png|webp)$/.test(item)));

    const whole = readFileSync(join(folder, "run", "report.html"), "utf8");
    assert.match(whole, /src="data:image\/jpeg;base64,/);
    assert.equal(foreloss("report", "run", "--data", "labelled", "--out", "page.html").out, "page.html\n");
    assert.equal(readFileSync(join(folder, "page.html"), "utf8"), whole);
    const elsewhere = foreloss("report", "run", "--out", "page.html");
    assert.match(elsewhere.err, /shown without pictures: the folder of its data is not known; name it with --data/);
    assert.deepEqual(stateOf("labelled"), before);
  });
});
