// A narrow ResNet-18 with its loss prediction module against PyTorch: outputs, gradients and three steps of SGD from the
// same start weights, on every backend. The fixture says how far PyTorch's own float32 is from the stored figures.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { nativeBackend, nativeSupport } from "../src/engine/backends/native/index.ts";
import { onnxBackend } from "../src/engine/backends/onnx/index.ts";
import { referenceBackend } from "../src/engine/backends/reference/index.ts";
import { add, type Backend, gradients, input, mul, type Node, program, type StateEntry } from "../src/engine/index.ts";
import { modulePairLoss, predictLoss, weightedMean } from "../src/models/loss-prediction.ts";
import { resnet18 } from "../src/models/resnet.ts";
import { createBuilder } from "../src/nn/builder.ts";
import { crossEntropy } from "../src/nn/losses.ts";
import { momentumPrefix, sgdStep } from "../src/nn/optimiser.ts";
import { readSafetensors } from "../src/nn/safetensors.ts";
import { normalisePictures } from "../src/tasks/normalise-pictures.ts";

const fixture = new URL("./fixtures/resnet18-narrow", import.meta.url);
const { tensors } = await readSafetensors(`${fixture.pathname}.safetensors`);
const { settings } = JSON.parse(await readFile(`${fixture.pathname}.json`, "utf8")) as {
  settings: Record<
    | "classes"
    | "width"
    | "hidden"
    | "batch"
    | "side"
    | "lambda"
    | "margin"
    | "learningRate"
    | "momentum"
    | "weightDecay"
    | "steps",
    number
  > & { mean: number[]; deviation: number[] };
};
const { batch, side, classes, width, hidden } = settings;

/** float32 all through is itself up to 4e-5 away from float64 after three steps (see the fixture). */
const tolerance = { once: 5e-5, afterSteps: 5e-4 };

function build(mode: "train" | "infer") {
  const model = createBuilder(mode);
  const pictures = normalisePictures(input("pictures", [batch, 3, side, side], "uint8"), settings);
  const net = resnet18(model.builder, pictures, { width, classes });
  const predicted = predictLoss(model.builder, net.maps, { hidden, gradientShare: input("moduleGradient", []) });
  return { model, logits: net.logits, predicted };
}

function objective() {
  const { model, logits, predicted } = build("train");
  const weights = input("weights", [batch]);
  const perItem = crossEntropy(logits, input("labels", [batch], "int32"));
  const loss = weightedMean(perItem, weights);
  const moduleLoss = modulePairLoss(predicted, perItem, weights, { kind: "ranking", margin: settings.margin });
  const total = add(loss, mul(moduleLoss, settings.lambda));
  return { model, total, outputs: { logits, predictedLoss: predicted, perItemLoss: perItem, loss, moduleLoss } };
}

function group(name: string): Map<string, StateEntry> {
  const lead = `${name}/`;
  return new Map(
    [...tensors].filter(([key]) => key.startsWith(lead)).map(([key, value]) => [key.slice(lead.length), value]),
  );
}

function feeds(step: number, moduleGradient: number) {
  const pictures = tensors.get("pictures")!.values.subarray(step * batch * 3 * side * side);
  return {
    pictures: Uint8Array.from(pictures.subarray(0, batch * 3 * side * side)),
    labels: Int32Array.from(tensors.get("labels")!.values.subarray(step * batch, (step + 1) * batch)),
    weights: new Float32Array(batch).fill(1),
    moduleGradient: Float32Array.of(moduleGradient),
  };
}

function assertClose(actual: ArrayLike<number>, name: string, bound: number): void {
  const expected = tensors.get(name)!.values;
  assert.equal(actual.length, expected.length, name);
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / scale;
  assert.ok(worst <= bound, `${name}: ${worst} of its largest value apart`);
}

async function runGradients(backend: Backend, moduleGradient: number) {
  const { model, total, outputs } = objective();
  const names = [...model.entries].filter(([, entry]) => entry.learned).map(([name]) => name);
  const slopes = gradients(
    total,
    names.map((name) => model.nodes.get(name)!),
  );
  const named = Object.fromEntries(names.map((name, i) => [`gradient/${name}`, slopes[i]!]));
  const state = await backend.openState(group("start"));
  const executable = await backend.compile(program({ name: "gradients", outputs: { ...outputs, ...named } }), state);
  const results = await executable.run(feeds(0, moduleGradient));
  await executable.close();
  return { results, names };
}

const support = nativeSupport();
const native = support.available ? [nativeBackend({ threads: 2, precision: "float32" })] : [];
if (!support.available) {
  test("ResNet-18 on native against PyTorch", { skip: `${support.reason}: npm run build:native` }, () => undefined);
}

for (const backend of [referenceBackend(), onnxBackend({ threads: 1 }), ...native]) {
  suite(`ResNet-18 with its module on ${backend.name} against PyTorch`, () => {
    test("outputs, losses and gradients of all parameters in training are PyTorch's", async () => {
      const { results, names } = await runGradients(backend, 1);
      for (const name of ["logits", "predictedLoss", "perItemLoss", "loss", "moduleLoss"]) {
        assertClose(results[name]!.values, `train/${name}`, tolerance.once);
      }
      for (const name of names) assertClose(results[`gradient/${name}`]!.values, `gradient/${name}`, tolerance.once);
    });

    test("with the module's gradient cut the model has the gradients of its own loss alone", async () => {
      const { results } = await runGradients(backend, 0);
      for (const name of group("gradientCut").keys()) {
        assertClose(results[`gradient/${name}`]!.values, `gradientCut/${name}`, tolerance.once);
      }
    });

    test("inference with running statistics gives PyTorch's logits and predicted losses", async () => {
      const { logits, predicted } = build("infer");
      const state = await backend.openState(group("start"));
      const outputs = { logits, predictedLoss: predicted };
      const executable = await backend.compile(program({ name: "infer", outputs }), state, { frozen: true });
      const { pictures, moduleGradient } = feeds(0, 0);
      const results = await executable.run({ pictures, moduleGradient });
      for (const name of Object.keys(outputs)) assertClose(results[name]!.values, `infer/${name}`, tolerance.once);
    });

    test("three steps of SGD end at PyTorch's weights and running statistics", async () => {
      const { model, total, outputs } = objective();
      const learningRate: Node = input("learningRate", []);
      const sgd = sgdStep(total, model, { ...settings, learningRate, nesterov: false });
      const zeros = [...sgd.entries].map(([name, { shape }]) => {
        const { values } = tensors.get(`start/${name.slice(momentumPrefix.length)}`)!;
        return [name, { shape, values: new Float32Array(values.length) }] as const;
      });
      const state = await backend.openState(new Map([...group("start"), ...zeros]));
      const { loss, moduleLoss } = outputs;
      const parts = { name: "train", outputs: { loss, moduleLoss }, updates: sgd.updates };
      const executable = await backend.compile(program(parts), state);
      const seen: { loss: number[]; moduleLoss: number[] } = { loss: [], moduleLoss: [] };
      for (let step = 0; step < settings.steps; step++) {
        const result = await executable.run({
          ...feeds(step, 1),
          learningRate: Float32Array.of(settings.learningRate),
        });
        seen.loss.push(result.loss!.values[0]!);
        seen.moduleLoss.push(result.moduleLoss!.values[0]!);
      }
      assertClose(seen.loss, "steps/loss", tolerance.afterSteps);
      assertClose(seen.moduleLoss, "steps/moduleLoss", tolerance.afterSteps);
      for (const name of group("after").keys()) {
        assertClose((await state.read(name)).values, `after/${name}`, tolerance.afterSteps);
      }
    });
  });
}
