// A person's own pictures with several persons each through the command line: trained on YOLO's labels, scored by boxes that
// another tool found, and chosen by the picture.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import { createRandom } from "../src/core/random.ts";
import { parseCsv } from "../src/records/csv.ts";
import type { Results } from "../src/records/results.ts";
import { ownFolder } from "./own-folder.ts";

const recipe = {
  name: "mine",
  task: "pose",
  dataset: { kind: "joints", sidePx: 32, testShare: 0.3 },
  model: { width: 4, stacks: 1, depth: 1, metric: "OKS AP" },
  training: { batch: 4, steps: 4, optimiser: "rmsprop", learningRate: 0.005 },
  labelling: { initial: 4, perCycle: 3, cycles: 2 },
  arms: [
    { name: "random", strategy: "random" },
    { name: "learned-loss", strategy: "learned-loss", lossPrediction: true },
  ],
};
const [width, height] = [90, 40];

/** Bright bars on a dark picture, one to three of them: each a person with a head and two ankles. */
async function scene(i: number): Promise<{ picture: Buffer; persons: readonly Person[] }> {
  const random = createRandom(i, "own-persons");
  const persons = Array.from({ length: 1 + (i % 3) }, (_, n): Person => {
    const [w, h] = [8 + random.integer(10), 20 + random.integer(15)];
    return { left: 30 * n + random.integer(30 - w), top: random.integer(height - h), w, h };
  });
  const bars = persons.map(({ left, top, w, h }) => ({
    input: { create: { width: w, height: h, channels: 3 as const, background: "orange" } },
    ...{ left, top },
  }));
  const dark = sharp({ create: { width, height, channels: 3, background: "#203040" } });
  return { picture: await dark.composite(bars).jpeg().toBuffer(), persons };
}

interface Person {
  readonly left: number;
  readonly top: number;
  readonly w: number;
  readonly h: number;
}

/** A line of YOLO's pose labels: head, left ankle, right ankle. */
function poseLine({ left, top, w, h }: Person): string {
  const [x, y] = [(value: number) => value / width, (value: number) => value / height];
  const head = [x(left + w / 2), y(top), 2];
  const ankles = [x(left), y(top + h), 2, x(left + w), y(top + h), 1];
  return [0, x(left + w / 2), y(top + h / 2), x(w), y(h), ...head, ...ankles].join(" ");
}

describe("a folder of one's own pictures with several persons each", () => {
  const { put, read, foreloss, attempt } = ownFolder();

  before(async () => {
    const images: object[] = [];
    const annotations: object[] = [];
    for (let i = 0; i < 14; i++) {
      const { picture, persons } = await scene(i);
      if (i < 9) {
        put(`labelled/images/${i}.jpg`, picture);
        put(`labelled/labels/${i}.txt`, `${persons.map(poseLine).join("\n")}\n`);
        continue;
      }
      put(`unlabelled/${i}.jpg`, picture);
      images.push({ id: i, file_name: `${i}.jpg` });
      for (const { left, top, w, h } of persons)
        annotations.push({ image_id: i, category_id: 3, bbox: [left, top, w, h] });
    }
    const names = "kpt_shape: [3, 3]\nkpt_names: {0: [head_top, left_ankle, right_ankle]}\nnames: [person]\n";
    put("labelled/data.yaml", names);
    put("persons.json", JSON.stringify({ images, annotations, categories: [{ id: 3, name: "person" }] }));
    put("recipe.json", JSON.stringify(recipe));
  });

  test("is trained on, scored person by person, and chosen from by the picture", () => {
    const training = ["train", "labelled", "--recipe", "recipe.json", "--format", "yolo", "--out", "model"];
    const trained = foreloss(...training, "--threads", "1");
    assert.match(trained.err, /training on \d+ persons, \d+ held out/);

    const scoring = ["score", "unlabelled", "--model", "model", "--boxes", "persons.json"];
    const scored = foreloss(...scoring, "--out", "scores.csv", "--embeddings", "pool.npy");
    assert.equal(scored.out, "9 persons scored in 5 pictures: scores.csv, pool.npy\n");
    const [header, ...rows] = parseCsv(read("scores.csv"), "scores.csv").map(({ cells }) => cells);
    const columns = ["item", "predicted_loss", "entropy", "margin", "least_confidence", "picture", "predicted_joints"];
    assert.deepEqual(header, columns);
    const pictures = new Map(rows.map((cells) => [cells[0]!, cells[5]!]));
    assert.deepEqual([...pictures.keys()].slice(0, 3), ["10.jpg#1", "10.jpg#2", "11.jpg#1"]);
    for (const [item, picture] of pictures) assert.ok(item.startsWith(`${picture}#`));
    assert.ok(new Set(rows.map((cells) => cells[2])).size > 5, "persons of one picture get scores of their own");

    const grouped = ["--groups", "picture", "--whole-groups", "--count", "2"];
    for (const [strategy, ...more] of [["entropy"], ["learned-loss"], ["core-set", "--embeddings", "pool.npy"]]) {
      const { out } = foreloss("select", "scores.csv", "--strategy", strategy!, ...grouped, ...more);
      const picks = parseCsv(out, "picks")
        .slice(1)
        .map(({ cells }) => cells[1]!);
      const chosen = new Set(picks.map((item) => pictures.get(item)));
      assert.equal(chosen.size, 2);
      assert.deepEqual(
        picks.toSorted(),
        [...pictures.keys()].filter((item) => chosen.has(pictures.get(item))).toSorted(),
      );
    }
    const records = JSON.parse(foreloss(...scoring, "--json").out) as { item: string; picture: string }[];
    assert.deepEqual(
      records.map(({ item, picture }) => [item, picture]),
      [...pictures],
    );
  });

  test("is an experiment of its own in which pictures are labelled whole", () => {
    put("whole.json", JSON.stringify({ ...recipe, labelling: { ...recipe.labelling, wholePictures: true } }));
    const running = ["run", "whole.json", "--data", "labelled", "--out", "run", "--threads", "1"];
    assert.match(foreloss(...running).out, /learned-loss/);
    const { arms } = JSON.parse(read("run/results.json")) as Results;
    for (const { seeds } of arms) {
      const [first, second] = seeds[0]!.cycles;
      assert.deepEqual([first!.labelsAsked, second!.labelsAsked], [4, 7]);
      const picks = first!.picks.map(({ item }) => item);
      assert.equal(second!.labels, first!.labels + picks.length);
      assert.ok(second!.labels >= 7 && second!.labels < 7 + 3);
      for (const picture of new Set(picks.map((item) => item.split("#")[0]!))) {
        const persons = read(picture.replace("images", "labelled/labels").replace("jpg", "txt"))
          .trim()
          .split("\n").length;
        assert.equal(picks.filter((item) => item.startsWith(`${picture}#`)).length, persons, picture);
      }
    }
    put(
      "small.json",
      JSON.stringify({ ...recipe, labelling: { ...recipe.labelling, perCycle: 1, wholePictures: true } }),
    );
    const refused = attempt("run", "small.json", "--data", "labelled", "--out", "none");
    assert.equal(refused.status, 1);
    assert.match(refused.err, /labelling\.perCycle: 1, but images\/\d\.jpg has 3 items, which are labelled together/);
  });

  test("boxes that are wrong stop the scoring or are left out, and options without boxes are refused", () => {
    put("wrong/classes.txt", "person\n");
    put("wrong/10.txt", "0 0.5 0.5 0.2\n0 0.5 0.5 0.2 0.9\n");
    const scoring = ["score", "unlabelled", "--model", "model", "--boxes", "wrong"];
    const stopped = attempt(...scoring);
    assert.equal(stopped.status, 1);
    assert.match(stopped.err, /wrong: 1 malformed label\n {2}10\.txt:1: 4 numbers; a box has 5/);
    const { out, err } = foreloss(...scoring, "--skip-bad");
    assert.match(err, /left out: 5 files\n {2}10\.txt:1: 4 numbers.*\n {2}11\.jpg: no box of a person/);
    assert.match(out, /^item,.*\n10\.jpg#1,/);
    put("broken.json", '{"images": [], "annotations": 3, "categories": []}');
    const broken = attempt(...scoring.slice(0, -1), "broken.json");
    assert.deepEqual(
      [broken.status, /^error: broken\.json: annotations: 3 is not allowed/m.test(broken.err)],
      [1, true],
      broken.err,
    );
    const alone = attempt(...scoring.slice(0, -2), "--skip-bad");
    assert.equal(alone.status, 2);
    assert.match(alone.err, /--skip-bad: says how boxes are read, and there are none; add --boxes/);
  });
});
