// Our contender for a whole cycle: the losses of the first steps on one batch, then timed cycles from the start weights, and
// how many of the labelled pictures the net that came out knows.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/core/random.ts";
import type { Dataset } from "../../src/datasets/dataset.ts";
import { memorySplit } from "../../src/datasets/memory-split.ts";
import { readSafetensors } from "../../src/nn/safetensors.ts";
import { learnedLoss } from "../../src/strategies/learned-loss/learned-loss.ts";
import { augmenterFor } from "../../src/training/augmentation.ts";
import { inferInParts } from "../../src/training/evaluation.ts";
import { fit } from "../../src/training/fitting.ts";
import type { LearnerTraining } from "../../src/training/learner-spec.ts";
import { stepsPerEpoch } from "../../src/training/length.ts";
import { collectSignals } from "../../src/training/signals.ts";
import { benchNet, normalisation } from "./nets.ts";
import { contenderOptions, openBackend } from "./options.ts";
import { printReport, timeCalls } from "./report.ts";
import { benchTraining, firstLosses, netName, openNet, restart, stepFeeds } from "./workload.ts";

const { inputs, engine, seconds, labelled, epochs, pool, choose, batch } = contenderOptions(
  ...(["labelled", "epochs", "pool", "choose", "batch"] as const),
);
const { tensors: weights, metadata } = await readSafetensors(join(inputs, "weights.safetensors"));
const backend = await openBackend(engine);
const made = benchNet(metadata[netName]!);
const { task, imageSize } = made;
const net = await openNet(made, weights, batch, backend);
const training: LearnerTraining = {
  ...benchTraining(batch),
  learningRate: 0.05,
  schedule: { kind: "cosine", warmUp: 0 },
};
const pixels = await readFile(join(inputs, "pictures.bytes"));
const labels = Int32Array.from(await readFile(join(inputs, "labels.bytes")));
const split = memorySplit({ ids: Array.from(labels, (_, i) => String(i)), labels, pixels }, imageSize);
const dataset: Dataset = {
  name: "bench",
  classNames: [],
  imageSize,
  digest: "",
  train: split,
  test: split,
  skipped: [],
  normalisation,
};
const known = Uint32Array.from({ length: labelled }, (_, i) => i);
const unknown = Uint32Array.from({ length: pool }, (_, i) => labelled + i);

async function infer(positions: Uint32Array) {
  return inferInParts({ executable: await net.inference(), batch, imageSize, task }, split, positions, undefined);
}

async function cycle(): Promise<Uint32Array> {
  await restart(net, weights);
  await fit({
    net,
    task,
    training,
    plan: {
      dataset,
      positions: known,
      batch,
      labels: [...labels.subarray(0, labelled)],
      augment: augmenterFor(training.augmentation, dataset),
      random: createRandom(0, "cycle"),
    },
    cycle: 0,
    member: 0,
    members: 1,
    totalSteps: epochs * stepsPerEpoch(labelled, batch),
    recordAt: () => {
      throw new Error("without a work folder nothing is written down");
    },
    workFolder: null,
  });
  await net.endTraining();
  const signals = await collectSignals(await infer(unknown), { task, signals: ["predictedLoss"], labels: [] });
  const ids = Array.from(unknown, String);
  return await learnedLoss.select(
    { ids, signals, labelled: { ids: [], signals: {} } },
    choose,
    createRandom(0, "ties"),
  );
}

const firstBatch = new Uint8Array(batch * 3 * imageSize.height * imageSize.width);
await split.read(known.subarray(0, batch), firstBatch);
const first = await firstLosses(
  net,
  stepFeeds(firstBatch, { labels: labels.subarray(0, batch) }, training.learningRate, batch),
);
const picks: number[] = [];
const taken = await timeCalls(async () => picks.push(new Set(await cycle()).size), seconds, 1);
const predicted: unknown[] = [];
for await (const part of await infer(known)) predicted.push(...task.decode(part));
const accuracy = task.metric(predicted, [...labels.subarray(0, labelled)]);
const result = { ...first, accuracy: [accuracy], picks: [picks[0]!] };
printReport({ result, seconds: taken, engine: `${backend.name} ${backend.version}` });
