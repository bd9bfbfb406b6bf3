// What our contenders share: the training, the net with the weights of a file, the batch.
import { createRandom } from "../../src/core/random.ts";
import { type Backend, type Feeds, sizeOf } from "../../src/engine/index.ts";
import { momentumPrefix } from "../../src/nn/optimiser.ts";
import { readSafetensors, type Safetensors, type TensorToStore } from "../../src/nn/safetensors.ts";
import { trainingSchema } from "../../src/records/recipe-training.ts";
import type { LearnerTraining } from "../../src/training/learner-spec.ts";
import { Net, startValues } from "../../src/training/net.ts";
import { trainProgram } from "../../src/training/programs.ts";
import { type BenchNet, benchNet } from "./nets.ts";
import { contenderOptions, openBackend } from "./options.ts";

/** SGD with momentum 0.9 and weight decay 5e-4, ranking loss with lambda 1 and margin 1 to the end, no averages. */
export function benchTraining(batch: number): LearnerTraining {
  return trainingSchema.parse({
    batch,
    steps: 1,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: { kind: "constant" },
    lossPrediction: { stopGradientAfter: 1 },
  });
}

/** What an inputs file says of its net, by this name. */
export const netName = "net";

/** Names of the tensors that are targets begin with this. */
const targetPrefix = "target/";

/** Weights of a net from a fixed seed. */
export function startWeights({ task, imageSize }: BenchNet): Map<string, TensorToStore> {
  const training = benchTraining(2);
  const { entries } = trainProgram({ task, picture: imageSize, training, lossPrediction: training.lossPrediction });
  const values = startValues(entries, createRandom(0, "bench"));
  return new Map([...values].filter(([name]) => !name.startsWith(momentumPrefix)));
}

/** A made-up batch for a net as it lies in an inputs file. */
export function madeUpBatch({ task, imageSize, label }: BenchNet, batch: number): Map<string, TensorToStore> {
  const random = createRandom(1, "bench");
  const pictures = [batch, imageSize.channels, imageSize.height, imageSize.width];
  const bytes = Float32Array.from({ length: sizeOf(pictures) }, () => random.integer(256));
  const targets = task.encodeTargets(Array.from({ length: batch }, () => label(random)));
  const shapes = task.targetInputs(batch);
  return new Map([
    ["pictures", { shape: pictures, values: bytes }],
    ...Object.entries(targets).map(
      ([name, values]) =>
        [targetPrefix + name, { shape: shapes[name]!.shape, values: Float32Array.from(values) }] as const,
    ),
  ]);
}

/** The net that has these weights. */
export async function openNet(
  { task, imageSize }: BenchNet,
  weights: Safetensors["tensors"],
  batch: number,
  backend: Backend,
): Promise<Net<unknown>> {
  const net = await Net.open({ backend, task, imageSize, training: benchTraining(batch) }, createRandom(0));
  await restart(net, weights);
  return net;
}

/** Puts the weights back as they are in the file, momenta to 0. */
export async function restart(net: Net<unknown>, weights: Safetensors["tensors"]): Promise<void> {
  for (const name of net.entries.keys()) {
    if (!name.startsWith(momentumPrefix)) await net.state.write(name, weights.get(name)!.values);
  }
  await net.restartOptimiser();
}

/** The net and the batch of an inputs file, on the engine that the command line names. */
export async function openWorkload() {
  const options = contenderOptions();
  const { tensors, metadata } = await readSafetensors(options.inputs);
  const backend = await openBackend(options.engine);
  const found = benchNet(metadata[netName]!);
  const [batch] = tensors.get("pictures")!.shape as [number];
  return {
    net: await openNet(found, tensors, batch, backend),
    feeds: batchOf(tensors, found, batch),
    seconds: options.seconds,
    engine: `${backend.name} ${backend.version}`,
  };
}

/** What a training step is fed for the batch of an inputs file. */
export function batchOf(
  tensors: ReadonlyMap<string, TensorToStore>,
  { task, learningRate }: BenchNet,
  batch: number,
): Feeds {
  const pictures = Uint8Array.from(tensors.get("pictures")!.values);
  const targets = Object.entries(task.targetInputs(batch)).map(([name, { dtype }]) => {
    const { values } = tensors.get(targetPrefix + name)!;
    return [name, dtype === "int32" ? Int32Array.from(values) : values] as const;
  });
  return stepFeeds(pictures, Object.fromEntries(targets), learningRate, batch);
}

/** What a training step is fed. */
export function stepFeeds(pictures: Uint8Array, targets: Feeds, rate: number, batch: number): Feeds {
  return {
    pictures,
    ...targets,
    weights: new Float32Array(batch).fill(1),
    learningRate: Float32Array.of(rate),
    moduleGradient: Float32Array.of(1),
  };
}

/** The losses before each of the first three steps on a batch. */
export async function firstLosses(net: Net<unknown>, feeds: Feeds): Promise<{ loss: number[]; moduleLoss: number[] }> {
  const loss: number[] = [];
  const moduleLoss: number[] = [];
  for (let step = 0; step < 3; step++) {
    const outputs = await net.step(feeds);
    loss.push(outputs.loss!.values[0]!);
    moduleLoss.push(outputs.moduleLoss!.values[0]!);
  }
  return { loss, moduleLoss };
}
