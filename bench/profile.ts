// node bench/profile.ts [--width 64] [--batch 128] [--precision auto] [--out file]: where the time of a training step on the native
// engine goes, by kind of instruction, with the arithmetic that its convolutions do.
import { parseArgs } from "node:util";
import { createRandom } from "../src/core/random.ts";
import { type NativeExecutable, nativeBackend, type Precision } from "../src/engine/backends/native/index.ts";
import { type Feeds, type Node, type Program, sizeOf } from "../src/engine/index.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";
import { startValues } from "../src/training/net.ts";
import { trainProgram } from "../src/training/programs.ts";
import { describeCommit, describeMachine } from "./machine.ts";
import { benchTask, benchTraining, classes, learningRate, sidePx } from "./ours/workload.ts";

const { values } = parseArgs({
  options: {
    width: { type: "string", default: "64" },
    batch: { type: "string", default: "128" },
    precision: { type: "string", default: "auto" },
    steps: { type: "string", default: "10" },
    out: { type: "string" },
  },
});
const [width, batch, steps] = [Number(values.width), Number(values.batch), Number(values.steps)];
const backend = nativeBackend({ threads: 2, precision: values.precision as Precision });
const training = benchTraining(batch);
const picture = { channels: 3, height: sidePx, width: sidePx };
const { lossPrediction } = training;
const { program, entries } = trainProgram({ task: benchTask(width), picture, training, lossPrediction });
const random = createRandom(0, "profile");
const state = await backend.openState(startValues(entries, random));
const executable = (await backend.compile(program, state)) as NativeExecutable;
const feeds: Feeds = {
  pictures: Uint8Array.from({ length: batch * 3 * sidePx ** 2 }, () => random.integer(256)),
  labels: Int32Array.from({ length: batch }, () => random.integer(classes)),
  weights: new Float32Array(batch).fill(1),
  learningRate: Float32Array.of(learningRate),
  moduleGradient: Float32Array.of(1),
};
for (let i = 0; i < 3; i++) await executable.run(feeds);
const before = executable.profile();
const started = performance.now();
for (let i = 0; i < steps; i++) await executable.run(feeds);
const stepMs = (performance.now() - started) / steps;

/** Multiplications and additions of all convolutions of a program, forward and backward. */
function convolutionWork({ order }: Program): number {
  const each = (node: Node) => {
    if (node.op === "conv2d") return sizeOf(node.shape) * sizeOf(node.inputs[1]!.shape.slice(1));
    if (node.op === "conv2dWeightGradient") return sizeOf(node.inputs[1]!.shape) * sizeOf(node.shape.slice(1));
    if (node.op === "conv2dInputGradient")
      return sizeOf(node.inputs[0]!.shape) * sizeOf(node.inputs[1]!.shape.slice(1));
    return 0;
  };
  return order.reduce((sum, node) => sum + 2 * each(node), 0);
}

const kinds = new Map<string, { ms: number; instructions: number }>();
executable.profile().forEach(({ label, seconds }, i) => {
  const op = label.split(" [", 1)[0]!;
  const kind = op.startsWith("conv2d") || op === "matmul" || op === "batchMoments" ? op : "fused";
  const sum = kinds.get(kind) ?? { ms: 0, instructions: 0 };
  kinds.set(kind, {
    ms: sum.ms + ((seconds - before[i]!.seconds) * 1000) / steps,
    instructions: sum.instructions + 1,
  });
});
const table = [...kinds].sort((a, b) => b[1].ms - a[1].ms).map(([kind, sum]) => ({ kind, ...sum }));
const gigaflops = convolutionWork(program) / 1e9;
const record = {
  command: `node bench/profile.ts ${process.argv.slice(2).join(" ")}`,
  commit: describeCommit(),
  machine: describeMachine(),
  engine: backend.version,
  ...{ width, batch, stepMs },
  convolutionGigaflops: gigaflops,
  gigaflopsPerSecond: gigaflops / (stepMs / 1000),
  kinds: table,
};
console.log(JSON.stringify(record, null, 2));
if (values.out !== undefined) await writeFileAtomic(values.out, `${JSON.stringify(record, null, 2)}\n`);
await executable.close();
