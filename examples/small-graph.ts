// The engine by itself: a graph of pure functions, its gradients as a graph too, and one call per training step. Learns
// "exclusive or" from four examples. Outside this repository: import from "foreloss/engine" and so on.
import { createRandom } from "../src/core/index.ts";
import { input, mean, program, tanh } from "../src/engine/index.ts";
import { createBuilder, crossEntropy, linear, sgdStep } from "../src/nn/index.ts";
import { openEngine } from "../src/training/index.ts";

// A model is a formula over a builder that collects its parameters by name. Nothing is computed yet.
const model = createBuilder("train");
const points = input("points", [4, 2]);
const hidden = tanh(linear(model.builder.in("hidden"), points, 8));
const logits = linear(model.builder.in("out"), hidden, 2);
const loss = mean(crossEntropy(logits, input("labels", [4], "int32")));

// A step down the gradient is a set of updates of the state.
const learningRate = input("learningRate", []);
const step = sgdStep(loss, model, { learningRate, momentum: 0.9, nesterov: false, weightDecay: 0 });

// The backend holds the state; the training step and the plain forward pass are two programs that share it.
const backend = await openEngine("reference", { threads: 1, precision: "auto" });
const random = createRandom(0, "init");
const start = [...model.entries, ...step.entries].map(
  ([name, { shape, initialise }]) => [name, { shape, values: initialise(shape, random.stream(name)) }] as const,
);
const state = await backend.openState(new Map(start));
const train = await backend.compile(program({ name: "train", outputs: { loss }, updates: step.updates }), state);
const look = await backend.compile(program({ name: "look", outputs: { logits } }), state);

const feeds = { points: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), labels: Int32Array.of(0, 1, 1, 0) };
for (let i = 0; i <= 200; i++) {
  const result = await train.run({ ...feeds, learningRate: Float32Array.of(0.1) });
  if (i % 50 === 0) console.log(`step ${i}: loss ${result.loss!.values[0]!.toFixed(4)}`);
}
const seen = (await look.run({ points: feeds.points })).logits!.values;
console.log(`classes: ${[0, 1, 2, 3].map((row) => (seen[2 * row + 1]! > seen[2 * row]! ? 1 : 0)).join(" ")}`);
