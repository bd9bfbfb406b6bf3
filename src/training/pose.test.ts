// The same learner on joints: made-up figures, a narrow hourglass trained by RMSprop.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { openDataset } from "../datasets/index.ts";
import { modelSchema } from "../records/recipe-model.ts";
import { trainingSchema } from "../records/recipe-training.ts";
import { checkpointFileName } from "./checkpoint-file.ts";
import { exportOnnx } from "./export.ts";
import { openScorer } from "./scorer.ts";
import { engine, firstItems, openTrainerOn } from "./testing/open-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-pose-"));
after(() => rm(folder, { recursive: true }));

const recipe = { kind: "made-up-figures", seed: 0, train: 60, test: 24, sidePx: 64 } as const;
const dataset = await openDataset(recipe, { dataFolder: null });
const labelled = firstItems(dataset, 30);
const pool = dataset.train.ids.slice(30);
const model = modelSchema.parse({ kind: "hourglass", width: 8, stacks: 1, depth: 1 });

async function openTrainer(seed: number, steps = 6): Promise<Trainer> {
  const training = trainingSchema.parse({
    ...{ batch: 8, steps, optimiser: "rmsprop", learningRate: 0.005, weightDecay: 0 },
    augmentation: { kind: "persons" },
  });
  return await openTrainerOn({ recipe, dataset, model, training, seed, initialLabels: 30 });
}

test("the same seed gives the same figures and signals bit for bit", async () => {
  const outcome = async (seed: number) => {
    const trainer = await openTrainer(seed);
    const { trainSeconds: _, ...report } = await trainer.fit(labelled, { cycle: 0 });
    const signals = await trainer.infer(pool, ["predictedLoss", "entropy", "margin", "leastConfidence", "embedding"]);
    const truth = await trainer.infer(pool, ["trueLoss"]);
    await trainer.close();
    return { report, signals, truth };
  };
  const [one, two, other] = [await outcome(1), await outcome(1), await outcome(2)];
  assert.deepEqual(one, two);
  assert.notDeepEqual(one.signals, other.signals);
  assert.ok(one.report.metric >= 0 && one.report.metric <= 1 && one.report.rankingAccuracy !== null);
  assert.ok(one.truth.trueLoss!.every((loss) => loss > 0));
  assert.deepEqual([one.signals.embedding!.rows, one.signals.embedding!.columns], [pool.length, 8]);
});

test("the loss falls while it trains; the saved model gives the same signals restored, the same maps exported, and scores pictures", async () => {
  const beginner = await openTrainer(1, 2);
  const { testLoss: atFirst } = await beginner.fit(labelled, { cycle: 0 });
  await beginner.close();
  const trainer = await openTrainer(1, 50);
  const { testLoss } = await trainer.fit(labelled, { cycle: 0 });
  assert.ok(testLoss < 0.8 * atFirst, `${testLoss} after ${atFirst}`);
  const signals = await trainer.infer(pool, ["predictedLoss", "entropy"]);
  const seenBefore = await trainer.draw(dataset.train.ids.slice(0, 2));
  const path = join(folder, "kept");
  await trainer.save(path);
  await trainer.close();
  const restored = await openTrainer(5);
  await restored.restore(path);
  assert.deepEqual(await restored.infer(pool, ["predictedLoss", "entropy"]), signals);
  await restored.close();

  const session = await InferenceSession.create(await exportOnnx(join(path, checkpointFileName)));
  const pictures = new Uint8Array(2 * 3 * 64 * 64);
  await dataset.train.read(Uint32Array.of(0, 1), pictures);
  const { heatMaps } = await session.run({ pictures: new Tensor("uint8", pictures, [2, 3, 64, 64]) });
  assert.deepEqual(heatMaps!.dims, [2, 14, 16, 16]);
  assert.deepEqual(seenBefore[0]!.person!.bones, dataset.skeleton!.bones);
  seenBefore.forEach(({ person }, item) => {
    person!.joints.forEach(({ name, score }, joint) => {
      const start = 256 * (14 * item + joint);
      const highest = Math.max(...(heatMaps!.data.slice(start, start + 256) as Float32Array));
      assert.ok(Math.abs(highest - score!) < 2e-4, `${name}: ${highest}, ${score}`);
    });
  });

  const crops = join(folder, "crops");
  await mkdir(crops);
  await sharp(Buffer.from(new Uint8Array(3 * 40 * 20).fill(90)), { raw: { width: 40, height: 20, channels: 3 } })
    .png()
    .toFile(join(crops, "one.png"));
  const scorer = await openScorer({ checkpoint: join(path, checkpointFileName), engine });
  const scores = await scorer.score(await scorer.open(crops));
  assert.deepEqual([scores.task, scores.items], ["pose", ["one.png"]]);
  assert.match(scores.predicted[0]!, /^\d+ of 14 joints$/);
});
