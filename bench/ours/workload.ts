// What our contenders share: the task, the training, the net with the weights of a file.
import { createRandom } from "../../src/core/random.ts";
import type { Backend, Feeds } from "../../src/engine/index.ts";
import { momentumPrefix } from "../../src/nn/optimiser.ts";
import { readSafetensors, type Safetensors, type TensorToStore } from "../../src/nn/safetensors.ts";
import { trainingSchema } from "../../src/records/recipe.ts";
import { classificationTask } from "../../src/tasks/classification/task.ts";
import type { LearnerTraining } from "../../src/training/learner-spec.ts";
import { Net, startValues } from "../../src/training/net.ts";
import { trainProgram } from "../../src/training/programs.ts";
import { contenderOptions, openBackend } from "./options.ts";

/** `mean` and `deviation` are those of peers/net.py. */
export const normalisation = { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] };

export const learningRate = 0.01;
export const sidePx = 32;
export const imageSize = { channels: 3, height: sidePx, width: sidePx } as const;
export const classes = 10;

export function benchTask(width: number) {
  return classificationTask({ classes, width, normalisation });
}

/** SGD with momentum 0.9 and weight decay 5e-4, ranking loss with lambda 1 and margin 1 to the end, no averages. */
export function benchTraining(batch: number): LearnerTraining {
  return trainingSchema.parse({
    batch,
    steps: 1,
    learningRate,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: { kind: "constant" },
    lossPrediction: { stopGradientAfter: 1 },
  });
}

/** Weights of a net of this width, from a fixed seed. */
export function startWeights(width: number): Map<string, TensorToStore> {
  const training = benchTraining(2);
  const task = benchTask(width);
  const { entries } = trainProgram({ task, picture: imageSize, training, lossPrediction: training.lossPrediction });
  const values = startValues(entries, createRandom(0, "bench"));
  return new Map([...values].filter(([name]) => !name.startsWith(momentumPrefix)));
}

/** A net of the width that the weights have. */
export async function openNet(weights: Safetensors["tensors"], batch: number, backend: Backend): Promise<Net<number>> {
  const task = benchTask(weights.get("conv1.weight")!.shape[0]!);
  const net = await Net.open({ backend, task, imageSize, training: benchTraining(batch) }, createRandom(0));
  await restart(net, weights);
  return net;
}

/** Puts the weights back as they are in the file, momenta to 0. */
export async function restart(net: Net<number>, weights: Safetensors["tensors"]): Promise<void> {
  for (const name of net.entries.keys()) {
    if (!name.startsWith(momentumPrefix)) await net.state.write(name, weights.get(name)!.values);
  }
  await net.restartOptimiser();
}

/** The net and the batch of an inputs file, on the engine that the command line names. */
export async function openWorkload() {
  const options = contenderOptions();
  const { tensors } = await readSafetensors(options.inputs);
  const backend = await openBackend(options.engine);
  const [batch] = tensors.get("pictures")!.shape as [number];
  return {
    net: await openNet(tensors, batch, backend),
    feeds: batchOf(tensors),
    seconds: options.seconds,
    engine: `${backend.name} ${backend.version}`,
  };
}

function batchOf(tensors: Safetensors["tensors"]): Feeds {
  const bytes = Uint8Array.from(tensors.get("pictures")!.values);
  return stepFeeds(bytes, Int32Array.from(tensors.get("labels")!.values), learningRate);
}

/** What a training step is fed for a batch. */
export function stepFeeds(pictures: Uint8Array, labels: Int32Array, rate: number): Feeds {
  return {
    pictures,
    labels,
    weights: new Float32Array(labels.length).fill(1),
    learningRate: Float32Array.of(rate),
    moduleGradient: Float32Array.of(1),
  };
}

/** The losses before each of the first three steps on a batch. */
export async function firstLosses(net: Net<number>, feeds: Feeds): Promise<{ loss: number[]; moduleLoss: number[] }> {
  const loss: number[] = [];
  const moduleLoss: number[] = [];
  for (let step = 0; step < 3; step++) {
    const outputs = await net.step(feeds);
    loss.push(outputs.loss!.values[0]!);
    moduleLoss.push(outputs.moduleLoss!.values[0]!);
  }
  return { loss, moduleLoss };
}
