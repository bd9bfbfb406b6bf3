// node scripts/soak-native.ts [steps]: trains a small net on the native engine for many steps and watches the process's memory,
// which must stay what it was at the half: the C library needs some tens of compilations until it takes no more. Programs are
// compiled and closed anew on the way, as runs do.
import { createRandom } from "../src/core/random.ts";
import { nativeBackend } from "../src/engine/backends/native/index.ts";
import { trainingSchema } from "../src/records/recipe-training.ts";
import { classificationTask } from "../src/tasks/classification/task.ts";
import { Net } from "../src/training/net.ts";

const steps = Number(process.argv[2] ?? 20_000);
const [batch, side, classes] = [16, 16, 4];
const most = 1.05;

const normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };
const task = classificationTask({ classes, width: 8, normalisation });
const { lossPrediction, ...training } = trainingSchema.parse({ batch, steps: 1 });
const imageSize = { channels: 3, height: side, width: side } as const;
const random = createRandom(0, "soak");
const net = await Net.open(
  { backend: nativeBackend({ threads: 1 }), task, imageSize, training: { ...training, lossPrediction } },
  random,
);

function draw() {
  return {
    pictures: Uint8Array.from({ length: batch * 3 * side * side }, () => random.integer(256)),
    labels: Int32Array.from({ length: batch }, () => random.integer(classes)),
    weights: new Float32Array(batch).fill(1),
    learningRate: Float32Array.of(0.01),
    moduleGradient: Float32Array.of(1),
  };
}

const megabytes = () => process.memoryUsage.rss() / 2 ** 20;
let settled = 0;
for (let step = 1; step <= steps; step++) {
  await net.step(draw());
  if (step % 100 === 0) {
    await (await net.inference()).run({ pictures: draw().pictures });
    await net.endTraining();
  }
  if (step === Math.ceil(steps / 2)) settled = megabytes();
  if (step % Math.ceil(steps / 10) === 0) console.log(`${step} steps: ${megabytes().toFixed(0)} MiB`);
}
await net.close();
const growth = megabytes() / settled;
console.log(`${growth.toFixed(3)} times the memory at the half; ${most} is allowed`);
if (growth > most) process.exitCode = 1;
