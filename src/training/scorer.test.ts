// Scoring a folder with a checkpoint alone: the pictures are items of the data set the model was trained on, written as
// files, so that its scores can be held against the learner's own.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { InterruptedError } from "../core/errors.ts";
import { checkpointFileName } from "./checkpoint-file.ts";
import { openScorer, type Scorer } from "./scorer.ts";
import { engine } from "./testing/open-trainer.ts";
import { dataset, labelled, openTrainer, type SmallTrainer } from "./testing/small-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-scorer-"));
after(() => rm(folder, { recursive: true }));

/** Items 50 to 79 as PNG files, in the order of their names. */
const pool = Array.from({ length: 30 }, (_, i) => 50 + i);
const pictures = join(folder, "pictures");
await mkdir(pictures);
for (const position of pool) {
  const { bytes } = await dataset.train.thumbnail(position, 32);
  await writeFile(join(pictures, `${position}.png`), bytes);
}

async function trainedScorer(name: string, options: SmallTrainer = {}): Promise<{ trainer: Trainer; scorer: Scorer }> {
  const trainer = await openTrainer(options);
  await trainer.fit(labelled(50), { cycle: 0 });
  await trainer.save(join(folder, name));
  const checkpoint = join(folder, name, checkpointFileName);
  return { trainer, scorer: await openScorer({ checkpoint, engine }) };
}

test("a picture gets the scores that the learner gives the same item", async () => {
  const { trainer, scorer } = await trainedScorer("whole");
  const { task, items, predicted, ...scores } = await scorer.score(await scorer.open(pictures));
  assert.deepEqual(
    items,
    pool.map((position) => `${position}.png`),
  );
  assert.equal(task, "classification");
  const wanted = ["predictedLoss", "entropy", "margin", "leastConfidence", "embedding"] as const;
  const ids = pool.map((position) => dataset.train.ids[position]!);
  assert.deepEqual(scores, await trainer.infer(ids, wanted));
  assert.ok(predicted.every((name) => dataset.classNames.includes(name)));
  assert.ok(new Set(predicted).size > 1);
  await trainer.close();
});

test("a model without the module gives no predicted loss", async () => {
  const { trainer, scorer } = await trainedScorer("plain", { training: { lossPrediction: null, averaging: null } });
  const scores = await scorer.score(await scorer.open(pictures));
  assert.ok(!("predictedLoss" in scores));
  assert.equal(scores.entropy.length, 30);
  await trainer.close();
});

test("pictures of any size below the folder are scored, and files that cannot be read are listed", async () => {
  const { trainer, scorer } = await trainedScorer("sizes");
  const mixed = join(folder, "mixed");
  await mkdir(join(mixed, "deep"), { recursive: true });
  const large = sharp({ create: { width: 90, height: 40, channels: 3, background: "green" } });
  await writeFile(join(mixed, "deep", "large.jpg"), await large.jpeg().toBuffer());
  await writeFile(join(mixed, "small.webp"), await large.resize(7, 12).webp().toBuffer());
  await writeFile(join(mixed, "broken.png"), "no picture");
  const before = await readdir(mixed, { recursive: true });
  const opened = await scorer.open(mixed);
  assert.match(opened.skipped.join(), /^broken\.png: not readable/);
  const progress: string[] = [];
  const scores = await scorer.score(opened, { onProgress: (done, total) => progress.push(`${done} of ${total}`) });
  assert.deepEqual(scores.items, ["deep/large.jpg", "small.webp"]);
  assert.ok(scores.entropy.every(Number.isFinite));
  assert.deepEqual(progress, ["2 of 2"]);
  assert.deepEqual(await readdir(mixed, { recursive: true }), before);
  await trainer.close();
});

test("an abort ends scoring as an interruption, not as a fault", async () => {
  const { trainer, scorer } = await trainedScorer("aborted");
  const opened = await scorer.open(pictures);
  await assert.rejects(scorer.score(opened, { signal: AbortSignal.abort() }), InterruptedError);
  await assert.rejects(scorer.open(pictures, { signal: AbortSignal.abort() }), InterruptedError);
  await trainer.close();
});
