// How fast an engine trains here: a few steps of a small net on random pictures.
import { createRandom } from "../core/random.ts";
import type { Backend, Feeds } from "../engine/index.ts";
import { trainingSchema } from "../records/recipe-training.ts";
import { classificationTask } from "../tasks/classification/task.ts";
import { Net } from "./net.ts";

export interface MeasureOptions {
  readonly width?: number;
  readonly batch?: number;
  /** Counted steps; one more goes before them. */
  readonly steps?: number;
}

export interface TrainingSpeed {
  readonly picturesPerSecond: number;
  /** Each counted step. */
  readonly stepSeconds: readonly number[];
  /** What was trained, in words. */
  readonly work: string;
}

const sidePx = 32;
const classes = 10;

/** Times training steps of a ResNet-18 with its loss prediction module on 32x32 pictures; the median step counts. */
export async function measureTrainingStep(backend: Backend, options: MeasureOptions = {}): Promise<TrainingSpeed> {
  const { width = 16, batch = 64, steps = 5 } = options;
  const random = createRandom(0, "measure");
  const task = classificationTask({
    classes,
    width,
    normalisation: { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
  });
  const { lossPrediction, ...rest } = trainingSchema.parse({ batch, steps: 1 });
  const net = await Net.open(
    { backend, task, imageSize: { channels: 3, height: sidePx, width: sidePx }, training: { ...rest, lossPrediction } },
    random,
  );
  const feeds = randomFeeds(batch, (limit) => random.integer(limit));
  await net.step(feeds);
  const stepSeconds: number[] = [];
  for (let i = 0; i < steps; i++) stepSeconds.push(await timed(() => net.step(feeds)));
  await net.close();
  const median = [...stepSeconds].sort((a, b) => a - b)[Math.floor(steps / 2)]!;
  return {
    picturesPerSecond: batch / median,
    stepSeconds,
    work: `ResNet-18 of width ${width} with its module, batch ${batch}`,
  };
}

function randomFeeds(batch: number, integer: (limit: number) => number): Feeds {
  return {
    pictures: Uint8Array.from({ length: batch * 3 * sidePx * sidePx }, () => integer(256)),
    labels: Int32Array.from({ length: batch }, () => integer(classes)),
    weights: new Float32Array(batch).fill(1),
    learningRate: Float32Array.of(0.01),
    moduleGradient: Float32Array.of(1),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
