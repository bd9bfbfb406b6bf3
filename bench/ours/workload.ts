// What our contenders share: the net with the weights of the inputs file, the batch, the clock, the report.
import { parseArgs } from "node:util";
import { createRandom } from "../../src/core/random.ts";
import type { Feeds } from "../../src/engine/index.ts";
import { momentumPrefix } from "../../src/nn/optimiser.ts";
import { readSafetensors, type Safetensors } from "../../src/nn/safetensors.ts";
import { trainingSchema } from "../../src/records/recipe.ts";
import { classificationTask } from "../../src/tasks/classification/task.ts";
import { openEngine, type Precision } from "../../src/training/engines.ts";
import type { LearnerTraining } from "../../src/training/learner-spec.ts";
import { Net } from "../../src/training/net.ts";
import type { Report } from "../row.ts";

/** `mean` and `deviation` are those of peers/net.py. */
const normalisation = { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] };

export const learningRate = 0.01;
export const sidePx = 32;
export const classes = 10;

export function benchTask(width: number) {
  return classificationTask({ classes, width, normalisation });
}

/** SGD with momentum 0.9 and weight decay 5e-4, ranking loss with lambda 1 and margin 1, no averages. */
export function benchTraining(batch: number): LearnerTraining {
  return trainingSchema.parse({ batch, steps: 1, learningRate, momentum: 0.9, weightDecay: 5e-4 });
}

export interface Workload {
  readonly net: Net<number>;
  readonly feeds: Feeds;
  /** Time to go on with timed calls. */
  readonly seconds: number;
  readonly engine: string;
}

/** The net and batch that the command line's `--inputs` holds, on the engine that `--engine` and `--precision` name. */
export async function openWorkload(): Promise<Workload> {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string" },
      threads: { type: "string" },
      seconds: { type: "string" },
      engine: { type: "string" },
      precision: { type: "string" },
    },
  });
  const { tensors } = await readSafetensors(values.inputs!);
  const backend = await openEngine(values.engine!, {
    threads: Number(values.threads),
    precision: values.precision as Precision,
  });
  const [batch] = tensors.get("pictures")!.shape as [number];
  const net = await Net.open(
    {
      backend,
      task: benchTask(tensors.get("conv1.weight")!.shape[0]!),
      imageSize: { channels: 3, height: sidePx, width: sidePx },
      training: benchTraining(batch),
    },
    createRandom(0),
  );
  for (const name of net.entries.keys()) {
    if (!name.startsWith(momentumPrefix)) await net.state.write(name, tensors.get(name)!.values);
  }
  return {
    net,
    feeds: batchOf(tensors),
    seconds: Number(values.seconds),
    engine: `${backend.name} ${backend.version}`,
  };
}

function batchOf(tensors: Safetensors["tensors"]): Feeds {
  const pictures = Uint8Array.from(tensors.get("pictures")!.values);
  const labels = Int32Array.from(tensors.get("labels")!.values);
  return {
    pictures,
    labels,
    weights: new Float32Array(labels.length).fill(1),
    learningRate: Float32Array.of(learningRate),
    moduleGradient: Float32Array.of(1),
  };
}

const fewestCalls = 3;

/** Times calls until `seconds` have gone by, three at least. */
export async function timeCalls(call: () => Promise<unknown>, seconds: number): Promise<number[]> {
  const taken: number[] = [];
  const start = performance.now();
  while (taken.length < fewestCalls || performance.now() - start < seconds * 1000) {
    const before = performance.now();
    await call();
    taken.push((performance.now() - before) / 1000);
  }
  return taken;
}

export function printReport(report: Omit<Report, "peakMemoryBytes">): void {
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ ...report, peakMemoryBytes } satisfies Report));
}
