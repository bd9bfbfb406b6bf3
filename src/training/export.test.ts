// What leaves Foreloss for other programs: the ONNX file run by the plain runtime, and safetensors read again.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { rankCorrelation } from "../core/statistics.ts";
import { classUncertainty } from "../tasks/classification/probabilities.ts";
import { checkpointFileName } from "./checkpoint-file.ts";
import { exportOnnx, exportSafetensors } from "./export.ts";
import { dataset, labelled, openTrainer, type SmallTrainer } from "./testing/small-trainer.ts";
import type { Trainer } from "./trainer.ts";

const folder = await mkdtemp(join(tmpdir(), "foreloss-export-"));
after(() => rm(folder, { recursive: true }));

let trained = 0;

/** A learner after its training, and its checkpoint. */
async function train(options: SmallTrainer = {}): Promise<{ trainer: Trainer; checkpoint: string }> {
  const trainer = await openTrainer(options);
  await trainer.fit(labelled(50), { cycle: 0 });
  const path = join(folder, `model-${trained++}`);
  await trainer.save(path);
  return { trainer, checkpoint: join(path, checkpointFileName) };
}

async function runExported(checkpoint: string, count: number): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(await exportOnnx(checkpoint));
  assert.deepEqual(session.inputNames, ["pictures"]);
  const pictures = new Uint8Array(count * 3 * 32 * 32);
  await dataset.train.read(
    Uint32Array.from({ length: count }, (_, i) => i),
    pictures,
  );
  return (await session.run({ pictures: new Tensor("uint8", pictures, [count, 3, 32, 32]) })) as Record<string, Tensor>;
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) assert.ok(Math.abs(actual[i]! - expected[i]!) <= 1e-4 * scale, `${i}`);
}

describe("the exported ONNX file", () => {
  for (const averaging of [{ decay: 0.9 }, null]) {
    test(`gives what the learner gives ${averaging ? "with" : "without"} averaged weights, for any number of pictures`, async () => {
      const { trainer, checkpoint } = await train({ training: { averaging } });
      for (const count of [1, 7, 50]) {
        const { logits, embedding, predicted_loss } = await runExported(checkpoint, count);
        const own = await trainer.infer(dataset.train.ids.slice(0, count), ["entropy", "embedding", "predictedLoss"]);
        assert.deepEqual(logits!.dims, [count, dataset.classNames.length]);
        assert.deepEqual(embedding!.dims, [count, own.embedding!.columns]);
        assert.deepEqual(predicted_loss!.dims, [count]);
        assertNear(embedding!.data as Float32Array, own.embedding!.values);
        assertNear(predicted_loss!.data as Float32Array, own.predictedLoss!);
        const values = logits!.data as Float32Array;
        assertNear(classUncertainty({ count, classes: logits!.dims[1]!, values }).entropy!, own.entropy!);
      }
      await trainer.close();
    });
  }

  test("has no predicted loss where no module was trained along", async () => {
    const { trainer, checkpoint } = await train({ training: { lossPrediction: null } });
    assert.deepEqual(Object.keys(await runExported(checkpoint, 2)).sort(), ["embedding", "logits"]);
    await trainer.close();
  });
});

describe("exported safetensors", () => {
  test("have torchvision's names, the module's beside them, and nothing of the optimiser", async () => {
    const { trainer, checkpoint } = await train();
    const header = headerOf(await exportSafetensors(checkpoint));
    const names = Object.keys(header).filter((name) => name !== "__metadata__");
    const own = names.filter((name) => name.startsWith("loss_prediction."));
    assert.deepEqual(names.filter((name) => !own.includes(name)).sort(), torchvisionNames());
    assert.equal(own.length, 2 * 5);
    assert.deepEqual(header["layer1.0.conv1.weight"]!.shape, [4, 4, 3, 3]);
    assert.deepEqual(header["fc.weight"]!.shape, [dataset.classNames.length, 32]);
    await trainer.close();
  });

  test("are a start for another training, which then infers as the first one did", async () => {
    const { trainer, checkpoint } = await train({ training: { lossPrediction: null } });
    const weights = join(folder, "start.safetensors");
    await writeFile(weights, await exportSafetensors(checkpoint));
    // One step that moves next to nothing but the running statistics: what it infers with are the start weights.
    const still = { lossPrediction: null, steps: 1, learningRate: 1e-12, averaging: null };
    const started = await openTrainer({ training: still, weights, seed: 9 });
    const afresh = await openTrainer({ training: still, seed: 9 });
    const entropyOf = async (other: Trainer) => (await other.infer(dataset.train.ids, ["entropy"])).entropy!;
    for (const other of [started, afresh]) await other.fit(labelled(50), { cycle: 0 });
    const likeness = async (other: Trainer) => rankCorrelation(await entropyOf(other), await entropyOf(trainer))!;
    assert.ok((await likeness(started)) > 0.98);
    assert.ok((await likeness(afresh)) < 0.9);
    await Promise.all([trainer, started, afresh].map((other) => other.close()));
  });
});

function headerOf(bytes: Uint8Array): Record<string, { shape: number[] }> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
}

/** The names in `torchvision.models.resnet18().state_dict()` but for the counters `num_batches_tracked`. */
function torchvisionNames(): string[] {
  const norm = (name: string) => ["weight", "bias", "running_mean", "running_var"].map((part) => `${name}.${part}`);
  const block = (name: string, shrinks: boolean) => [
    ...[1, 2].flatMap((i) => [`${name}.conv${i}.weight`, ...norm(`${name}.bn${i}`)]),
    ...(shrinks ? [`${name}.downsample.0.weight`, ...norm(`${name}.downsample.1`)] : []),
  ];
  const layers = [1, 2, 3, 4].flatMap((i) => [0, 1].flatMap((j) => block(`layer${i}.${j}`, i > 1 && j === 0)));
  return ["conv1.weight", ...norm("bn1"), ...layers, "fc.weight", "fc.bias"].sort();
}
