// A thread for tests: it takes steps of a small training on the native backend, and sends the last loss.
import { parentPort, workerData } from "node:worker_threads";
import { gradients } from "../../../autodiff.ts";
import { conv2d, input, mean, mul, relu, square, state, sub } from "../../../operations/index.ts";
import { program } from "../../../program.ts";
import { nativeBackend } from "../index.ts";

const { steps, threads } = workerData as { steps: number; threads: number };
const backend = nativeBackend({ threads });
const shape = [16, 3, 3, 3];
const values = Float32Array.from({ length: 16 * 27 }, (_, i) => Math.sin(i) / 5);
const held = await backend.openState(new Map([["w", { shape, values }]]));
const w = state("w", shape);
const loss = mean(square(sub(relu(conv2d(input("x", [32, 3, 24, 24]), w)), 1)));
const [slope] = gradients(loss, [w]);
const train = await backend.compile(
  program({ name: "train", outputs: { loss }, updates: new Map([["w", sub(w, mul(slope!, 0.1))]]) }),
  held,
);
const x = Float32Array.from({ length: 32 * 3 * 24 * 24 }, (_, i) => Math.cos(i));
let last = Number.NaN;
for (let step = 0; step < steps; step++) {
  last = (await train.run({ x })).loss!.values[0]!;
  if (step === 2) parentPort!.postMessage("begun");
}
parentPort!.postMessage(last);
