import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ForelossError, InterruptedError } from "../core/errors.ts";
import { trainingSchema } from "../records/recipe.ts";
import { dataset, labelled, openTrainer } from "./testing/small-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-training-"));
after(() => rm(folder, { recursive: true, force: true }));

const pool = dataset.train.ids.slice(100);

async function fittedSignals(trainer: Trainer, items = labelled(50)) {
  await trainer.fit(items, { cycle: 0 });
  return await trainer.infer(pool, ["predictedLoss", "entropy", "embedding"]);
}

test("the same seed gives the same signals bit for bit, whatever the order of the labels", async () => {
  const [one, two] = [await openTrainer(), await openTrainer()];
  const first = await fittedSignals(one);
  const second = await fittedSignals(two, labelled(50).reverse());
  assert.deepEqual(first, second);
  const other = await openTrainer({ seed: 2 });
  assert.notDeepEqual(await fittedSignals(other), first);
  await Promise.all([one.close(), two.close(), other.close()]);
});

test("a training stopped in the middle goes on from its progress and ends as one left alone", async () => {
  const alone = await openTrainer();
  const expected = await fittedSignals(alone);
  const work = join(folder, "work");
  const stopped = await openTrainer({ workFolder: work });
  const controller = new AbortController();
  const real = performance.now.bind(performance);
  let late = 0;
  performance.now = () => real() + late;
  try {
    // After four steps the clock jumps, so that progress is written after the fifth; then the training is stopped.
    const onProgress = (done: number) => {
      if (done === 5) late = 60_000;
      if (done === 8) controller.abort();
    };
    await assert.rejects(
      stopped.fit(labelled(50), { cycle: 0, onProgress, signal: controller.signal }),
      (error: Error) => error instanceof InterruptedError && /cycle 0 at step 8 of 12/.test(error.message),
    );
  } finally {
    performance.now = real;
  }
  assert.deepEqual(await readdir(work), ["training.safetensors"]);
  const again = await openTrainer({ workFolder: work });
  const steps: number[] = [];
  await again.fit(labelled(50), { cycle: 0, onProgress: (done) => void steps.push(done) });
  assert.equal(steps[0], 6);
  assert.deepEqual(await again.infer(pool, ["predictedLoss", "entropy", "embedding"]), expected);
  assert.deepEqual(await readdir(work), []);
  await Promise.all([alone.close(), stopped.close(), again.close()]);
});

test("progress of another cycle or other labels is not taken up", async () => {
  const work = join(folder, "other-work");
  const trainer = await openTrainer({ workFolder: work });
  const controller = new AbortController();
  const stop = (done: number) => void (done === 3 && controller.abort());
  await assert.rejects(
    trainer.fit(labelled(40), { cycle: 0, onProgress: stop, signal: controller.signal }),
    InterruptedError,
  );
  const steps: number[] = [];
  await trainer.fit(labelled(50), { cycle: 0, onProgress: (done) => void steps.push(done) });
  assert.equal(steps[0], 1);
  await trainer.close();
});

test("a saved learner, restored elsewhere, infers and goes on warm as the original does", async () => {
  const original = await openTrainer({ training: { start: "warm" } });
  await original.fit(labelled(40), { cycle: 0 });
  const path = join(folder, "saved");
  await original.save(path);
  const copy = await openTrainer({ training: { start: "warm" } });
  await copy.restore(path);
  assert.deepEqual(await copy.infer(pool, ["entropy"]), await original.infer(pool, ["entropy"]));
  await original.fit(labelled(60), { cycle: 1 });
  await copy.fit(labelled(60), { cycle: 1 });
  assert.deepEqual(await copy.infer(pool, ["entropy"]), await original.infer(pool, ["entropy"]));
  await Promise.all([original.close(), copy.close()]);
});

test("a cold start forgets the last cycle, a warm one does not", async () => {
  const [cold, warm, fresh] = [
    await openTrainer({ training: { start: "cold" } }),
    await openTrainer({ training: { start: "warm" } }),
    await openTrainer(),
  ];
  for (const trainer of [cold, warm]) await trainer.fit(labelled(30), { cycle: 0 });
  for (const trainer of [cold, warm, fresh]) await trainer.fit(labelled(50), { cycle: 1 });
  const expected = await fresh.infer(pool, ["entropy"]);
  assert.deepEqual(await cold.infer(pool, ["entropy"]), expected);
  assert.notDeepEqual(await warm.infer(pool, ["entropy"]), expected);
  await Promise.all([cold.close(), warm.close(), fresh.close()]);
});

test("without a module there is no ranking accuracy, and asking for the predicted loss says why not", async () => {
  const trainer = await openTrainer({ training: { lossPrediction: null } });
  const report = await trainer.fit(labelled(50), { cycle: 0 });
  assert.equal(report.rankingAccuracy, null);
  assert.equal(report.steps, 12);
  await assert.rejects(trainer.infer(pool, ["predictedLoss"]), /needs a model trained with the loss prediction module/);
  await trainer.close();
});

test("a module whose gradient is cut from the start leaves the model as it would be without it", async () => {
  const { lossPrediction } = trainingSchema.parse({ steps: 1 });
  const alone = await openTrainer({ training: { lossPrediction: null } });
  const beside = await openTrainer({ training: { lossPrediction: { ...lossPrediction, stopGradientAfter: 0 } } });
  const joint = await openTrainer({ training: { lossPrediction } });
  const entropies = [];
  for (const trainer of [alone, beside, joint]) {
    await trainer.fit(labelled(50), { cycle: 0 });
    entropies.push((await trainer.infer(pool, ["entropy"])).entropy!);
    await trainer.close();
  }
  const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
  assert.ok(apart(entropies[0]!, entropies[1]!) < 1e-4);
  assert.ok(apart(entropies[0]!, entropies[2]!) > 1e-3);
});

test("a loss that is not finite stops the training with cycle, epoch, step and learning rate", async () => {
  const trainer = await openTrainer({ training: { learningRate: 1e30 } });
  await assert.rejects(
    trainer.fit(labelled(50), { cycle: 3 }),
    (error: Error) =>
      error instanceof ForelossError &&
      /loss is (NaN|-?Infinity) in cycle 3, epoch \d+, step \d+, learning rate 1e\+30/.test(error.message),
  );
  await trainer.close();
});

test("an abort ends measuring and scoring soon, not only training", async () => {
  const trainer = await openTrainer();
  const stop = new AbortController();
  const onProgress = (done: number, total: number) => void (done === total && stop.abort());
  await assert.rejects(
    trainer.fit(labelled(50), { cycle: 0, onProgress, signal: stop.signal }),
    (error: Error) => error instanceof InterruptedError && /after scoring 0 of 60 items/.test(error.message),
  );
  await trainer.fit(labelled(50), { cycle: 0 });
  const soon = new AbortController();
  const scoring = trainer.infer(dataset.train.ids, ["entropy"], { signal: soon.signal });
  setImmediate(() => soon.abort());
  await assert.rejects(scoring, InterruptedError);
  await trainer.close();
});

test("unknown items are named", async () => {
  const trainer = await openTrainer();
  await assert.rejects(trainer.fit([{ id: "nowhere", label: 0, cycle: 0 }], { cycle: 0 }), /no item "nowhere"/);
  await assert.rejects(trainer.fit([], { cycle: 0 }), /no labelled items/);
  await trainer.close();
});
