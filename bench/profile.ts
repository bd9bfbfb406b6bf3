// node bench/profile.ts [--of train-step|scoring] [--net resnet18-64] [--batch 128] [--most 0] [--precision auto] [--threads 2]
// [--out file]: where the time of a training step, or of scoring a batch, on the native engine goes, by kind of instruction,
// with the arithmetic that its convolutions do, and `--most` of the slowest instructions. On a busy machine one thread says
// more: it waits for no other.
import { parseArgs } from "node:util";
import { createRandom } from "../src/core/random.ts";
import { type NativeExecutable, nativeBackend, type Precision } from "../src/engine/backends/native/index.ts";
import { writers } from "../src/engine/backends/native/plan/write-other.ts";
import { type Node, type Program, sizeOf } from "../src/engine/index.ts";
import { writeFileAtomic } from "../src/records/write-file-atomic.ts";
import { startValues } from "../src/training/net.ts";
import { inferProgram, trainProgram } from "../src/training/programs.ts";
import { describeCommit, describeMachine } from "./machine.ts";
import { benchNet } from "./ours/nets.ts";
import { batchOf, benchTraining, madeUpBatch } from "./ours/workload.ts";

const { values } = parseArgs({
  options: {
    of: { type: "string", default: "train-step" },
    net: { type: "string", default: "resnet18-64" },
    batch: { type: "string", default: "128" },
    precision: { type: "string", default: "auto" },
    most: { type: "string", default: "0" },
    steps: { type: "string", default: "10" },
    threads: { type: "string", default: "2" },
    out: { type: "string" },
  },
});
const { net, of } = values;
if (of !== "train-step" && of !== "scoring") throw new RangeError(`--of ${of}: train-step or scoring`);
const [batch, steps, most] = [Number(values.batch), Number(values.steps), Number(values.most)];
const backend = nativeBackend({ threads: Number(values.threads), precision: values.precision as Precision });
const training = benchTraining(batch);
const made = benchNet(net);
const { task } = made;
const { lossPrediction } = training;
const picture = made.imageSize;
const step = trainProgram({ task, picture, training, lossPrediction });
const scoring = () => inferProgram({ task, picture, batch, withModule: true, averaged: false });
const program = of === "scoring" ? scoring() : step.program;
const state = await backend.openState(startValues(step.entries, createRandom(0, "profile")));
const options = { frozen: of === "scoring" };
const executable = (await backend.compile(program, state, options)) as NativeExecutable;
const everything = batchOf(madeUpBatch(made, batch), made, batch);
const feeds = of === "scoring" ? { pictures: everything.pictures! } : everything;
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

const taken = executable
  .profile()
  .map(({ label, by, seconds }, i) => ({ label, by, ms: ((seconds - before[i]!.seconds) * 1000) / steps }));

/** An operation that is an instruction by itself, or what those are that were fused. */
function kindOf(label: string): string {
  const op = label.split(" [", 1)[0]!;
  return Object.hasOwn(writers, op) || op === "batchMoments" ? op : "fused";
}

const kinds = new Map<string, { ms: number; instructions: number }>();
for (const { label, ms } of taken) {
  const sum = kinds.get(kindOf(label)) ?? { ms: 0, instructions: 0 };
  kinds.set(kindOf(label), { ms: sum.ms + ms, instructions: sum.instructions + 1 });
}
const table = [...kinds].sort((a, b) => b[1].ms - a[1].ms).map(([kind, sum]) => ({ kind, ...sum }));
const gigaflops = convolutionWork(program) / 1e9;
const record = {
  command: `node bench/profile.ts ${process.argv.slice(2).join(" ")}`,
  commit: describeCommit(),
  machine: describeMachine(),
  engine: backend.version,
  ...{ of, net, batch, stepMs },
  convolutionGigaflops: gigaflops,
  gigaflopsPerSecond: gigaflops / (stepMs / 1000),
  kinds: table,
  slowest: taken.toSorted((a, b) => b.ms - a.ms).slice(0, most),
};
console.log(JSON.stringify(record, null, 2));
if (values.out !== undefined) await writeFileAtomic(values.out, `${JSON.stringify(record, null, 2)}\n`);
await executable.close();
