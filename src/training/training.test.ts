import assert from "node:assert/strict";
import { cpSync, existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ForelossError, InterruptedError } from "../core/errors.ts";
import { trainingSchema } from "../records/recipe-training.ts";
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

/** Trains with what lies in a work folder; gives the steps that were done and the signals of the pool. */
async function takenUp(workFolder: string) {
  const trainer = await openTrainer({ workFolder });
  const steps: number[] = [];
  await trainer.fit(labelled(50), { cycle: 0, onProgress: (done) => void steps.push(done) });
  const signals = await trainer.infer(pool, ["predictedLoss", "entropy", "embedding"]);
  await trainer.close();
  return { steps, signals };
}

async function leftAlone() {
  const trainer = await openTrainer();
  const signals = await fittedSignals(trainer);
  await trainer.close();
  return signals;
}

test("a training stopped in the middle goes on at that step and ends as one left alone", async () => {
  const work = join(folder, "work");
  const stopped = await openTrainer({ workFolder: work });
  const controller = new AbortController();
  const onProgress = (done: number) => void (done === 8 && controller.abort());
  await assert.rejects(
    stopped.fit(labelled(50), { cycle: 0, onProgress, signal: controller.signal }),
    (error: Error) => error instanceof InterruptedError && /cycle 0 at step 8 of 12/.test(error.message),
  );
  await stopped.close();
  assert.deepEqual(await readdir(work), ["training.safetensors"]);
  const { steps, signals } = await takenUp(work);
  assert.deepEqual(steps, [9, 10, 11, 12]);
  assert.deepEqual(signals, await leftAlone());
  assert.deepEqual(await readdir(work), []);
});

test("progress is written now and then, so that a training that is killed goes on from there", async () => {
  const [work, killed] = [join(folder, "working"), join(folder, "killed")];
  const trainer = await openTrainer({ workFolder: work });
  const real = performance.now.bind(performance);
  let late = 0;
  performance.now = () => real() + late;
  try {
    // After four steps the clock jumps, so that progress is written after the fifth; what lies there is what a kill leaves.
    const onProgress = (done: number) => {
      assert.equal(existsSync(join(work, "training.safetensors")), done > 5);
      if (done === 5) late = 60_000;
      if (done === 8) cpSync(work, killed, { recursive: true });
    };
    await trainer.fit(labelled(50), { cycle: 0, onProgress });
  } finally {
    performance.now = real;
  }
  await trainer.close();
  const { steps, signals } = await takenUp(killed);
  assert.equal(steps[0], 6);
  assert.deepEqual(signals, await leftAlone());
});

test("a training whose measuring was stopped is not trained again", async () => {
  const work = join(folder, "unmeasured");
  const trainer = await openTrainer({ workFolder: work });
  const controller = new AbortController();
  const onProgress = (done: number, total: number) => void (done === total && controller.abort());
  await assert.rejects(
    trainer.fit(labelled(50), { cycle: 0, onProgress, signal: controller.signal }),
    (error: Error) => error instanceof InterruptedError && /after scoring 0 of 60 items/.test(error.message),
  );
  await trainer.close();
  const { steps, signals } = await takenUp(work);
  assert.deepEqual(steps, []);
  assert.deepEqual(signals, await leftAlone());
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

test("an abort ends scoring soon, not only training", async () => {
  const trainer = await openTrainer();
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
