// The same learner, export and start weights on boxes: made-up scenes, a net that is trained in a moment.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { createRandom } from "../core/random.ts";
import { openDataset } from "../datasets/index.ts";
import { encodeSafetensors, type TensorToStore } from "../nn/safetensors.ts";
import { modelSchema } from "../records/recipe-model.ts";
import { trainingSchema } from "../records/recipe-training.ts";
import { taskFor } from "../tasks/task-for.ts";
import { checkpointFileName } from "./checkpoint-file.ts";
import { openEngine } from "./engines.ts";
import { exportOnnx } from "./export.ts";
import { Net } from "./net.ts";
import { loadStartWeights } from "./start-weights.ts";
import { engine, firstItems, openTrainerOn } from "./testing/open-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-detection-"));
after(() => rm(folder, { recursive: true }));

const sidePx = 64;
const recipe = { kind: "made-up-boxes", seed: 0, train: 60, test: 24, sidePx } as const;
const dataset = await openDataset(recipe, { dataFolder: null });
const labelled = firstItems(dataset, 30);
const pool = dataset.train.ids.slice(30);
const model = modelSchema.parse({ kind: "ssd-resnet18", width: 2, extraMaps: 1, priorRatios: [] });

async function openTrainer(seed = 1, steps = 8): Promise<Trainer> {
  const training = trainingSchema.parse({
    batch: 8,
    steps,
    learningRate: 0.02,
    augmentation: { kind: "boxes" },
  });
  return await openTrainerOn({ recipe, dataset, model, training, seed, initialLabels: 30 });
}

test("the same seed gives the same figures, signals and boxes bit for bit", async () => {
  const outcome = async (seed: number) => {
    const trainer = await openTrainer(seed);
    const { trainSeconds: _, ...report } = await trainer.fit(labelled, { cycle: 0 });
    const signals = await trainer.infer(pool, ["predictedLoss", "entropy", "margin", "leastConfidence", "embedding"]);
    const drawings = await trainer.draw(pool.slice(0, 3));
    const truth = await trainer.infer(pool, ["trueLoss"]);
    await trainer.close();
    return { report, signals, drawings, truth };
  };
  const [one, two, other] = [await outcome(1), await outcome(1), await outcome(2)];
  assert.deepEqual(one, two);
  assert.notDeepEqual(one.signals, other.signals);
  const { metric, testLoss, rankingAccuracy } = one.report;
  assert.ok(metric >= 0 && metric <= 1 && testLoss > 0 && rankingAccuracy !== null);
  assert.equal(one.drawings.length, 3);
  assert.ok(one.truth.trueLoss!.every((loss) => loss > 0));
  assert.deepEqual([one.signals.embedding!.rows, one.signals.embedding!.columns], [pool.length, 16]);
});

/** Cross-entropy of logits that are all alike, for an object's prior and its three negatives. */
const untrainedLoss = 4 * Math.log(1 + dataset.classNames.length);

test("the loss falls while it trains, and a saved model restored gives the same signals", async () => {
  const trainer = await openTrainer(1, 60);
  const first = await trainer.fit(labelled, { cycle: 0 });
  const signals = await trainer.infer(pool, ["predictedLoss", "entropy"]);
  const path = join(folder, "kept");
  await trainer.save(path);
  await trainer.close();
  const restored = await openTrainer(5);
  await restored.restore(path);
  assert.deepEqual(await restored.infer(pool, ["predictedLoss", "entropy"]), signals);
  await restored.close();
  assert.ok(first.testLoss < untrainedLoss, `${first.testLoss}`);
});

test("an exported detector gives boxes in shares of the sides and a score per class, for any number of pictures", async () => {
  const trainer = await openTrainer();
  await trainer.fit(labelled, { cycle: 0 });
  await trainer.save(join(folder, "exported"));
  await trainer.close();
  const session = await InferenceSession.create(await exportOnnx(join(folder, "exported", checkpointFileName)));
  for (const count of [1, 3]) {
    const pictures = new Uint8Array(count * 3 * sidePx ** 2);
    await dataset.train.read(
      Uint32Array.from({ length: count }, (_, i) => i),
      pictures,
    );
    const found = await session.run({ pictures: new Tensor("uint8", pictures, [count, 3, sidePx, sidePx]) });
    const priors = found.boxes!.dims[1]!;
    assert.deepEqual(found.boxes!.dims, [count, priors, 4]);
    assert.deepEqual(found.scores!.dims, [count, priors, dataset.classNames.length]);
    assert.deepEqual(found.predicted_loss!.dims, [count]);
    assert.ok((found.boxes!.data as Float32Array).every((edge) => edge >= 0 && edge <= 1));
    assert.ok((found.scores!.data as Float32Array).every((score) => score >= 0 && score <= 1));
  }
});

test("SSD300 starts from a VGG-16 of its width: convolutions as they are, the first two full layers thinned out", async () => {
  const paper = modelSchema.parse({ kind: "ssd300-vgg16", width: 1 });
  const imageSize = { width: 300, height: 300, channels: 3 } as const;
  const task = taskFor(paper, { ...dataset, imageSize });
  const backend = await openEngine("reference", engine);
  const training = { ...trainingSchema.parse({ batch: 2, steps: 1 }), lossPrediction: null };
  const net = await Net.open({ backend, task, imageSize, training }, createRandom(0));
  const random = createRandom(3, "vgg");
  const tensor = (...shape: number[]): TensorToStore => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  });
  const vgg = new Map<string, TensorToStore>();
  for (const [name, { shape }] of net.entries) if (name.startsWith("features.")) vgg.set(name, tensor(...shape));
  vgg.set("classifier.0.weight", tensor(64, 8 * 49)).set("classifier.0.bias", tensor(64));
  vgg.set("classifier.3.weight", tensor(64, 64)).set("classifier.3.bias", tensor(64));
  const path = join(folder, "vgg.safetensors");
  await writeFile(path, encodeSafetensors(vgg));
  await loadStartWeights(net, "ssd300-vgg16", path);
  assert.deepEqual((await net.state.read("features.28.weight")).values, vgg.get("features.28.weight")!.values);
  const fc6 = (await net.state.read("fc6.weight")).values;
  assert.equal(fc6[1], vgg.get("classifier.0.weight")!.values[3]);
  vgg.delete("classifier.3.bias");
  await writeFile(path, encodeSafetensors(vgg));
  await assert.rejects(loadStartWeights(net, "ssd300-vgg16", path), /vgg\.safetensors: tensor "fc7\.bias" is missing/);
  await net.close();
});
