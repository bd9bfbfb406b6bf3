// A narrow stacked hourglass with the loss of its persons against PyTorch: heat maps, features, losses and gradients from the
// same weights, on every backend.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import { nativeBackend, nativeSupport } from "../src/engine/backends/native/index.ts";
import { onnxBackend } from "../src/engine/backends/onnx/index.ts";
import { referenceBackend } from "../src/engine/backends/reference/index.ts";
import { type Backend, gradients, input, mean, program, type StateEntry } from "../src/engine/index.ts";
import { type HourglassOptions, hourglass } from "../src/models/hourglass.ts";
import { createBuilder } from "../src/nn/builder.ts";
import { readSafetensors } from "../src/nn/safetensors.ts";
import { heatMapLoss, heatMapLosses } from "../src/tasks/pose/heat-map-loss.ts";

const fixture = new URL("./fixtures/hourglass-narrow", import.meta.url);
const { tensors } = await readSafetensors(`${fixture.pathname}.safetensors`);
const { settings } = JSON.parse(await readFile(`${fixture.pathname}.json`, "utf8")) as {
  settings: HourglassOptions & { batch: number; side: number };
};
const { batch, side, joints, stacks } = settings;
const mapSide = side / 4;

/** The net is deep and normalised over few values: float32 is up to this share of a tensor's largest value away from float64. */
const tolerance = 5e-4;
/** A gradient that nearly cancels out is as exact as the others are, not as its own size would have it. */
const leastScale = 0.05;

const valuesOf = (name: string) => tensors.get(name)!.values as Float32Array;

/** 1 / (labelled joints) where there is a label. */
const shares = valuesOf("labelled").map((labelled, i, all) => {
  const person = Math.floor(i / joints) * joints;
  const count = all.subarray(person, person + joints).reduce((sum, value) => sum + value, 0);
  return labelled === 0 ? 0 : 1 / count;
});

function build(mode: "train" | "infer") {
  const model = createBuilder(mode);
  const net = hourglass(model.builder, input("pictures", [batch, 3, side, side]), settings);
  const targets = input("targets", [batch, joints, mapSide, mapSide]);
  const perItemLoss = heatMapLoss(net.heatMaps, targets, input("shares", [batch, joints]));
  const perStack = Object.fromEntries(
    net.heatMaps.flatMap((node, i) => [
      [`heatMaps.${i}`, node],
      [`maps.${i}`, net.maps[i]!],
    ]),
  );
  return { model, outputs: { ...perStack, embedding: net.embedding, perItemLoss } };
}

const start = new Map(
  [...tensors]
    .filter(([name]) => name.startsWith("start/"))
    .map(([name, value]) => [name.slice("start/".length), value as StateEntry]),
);
const feeds = { pictures: valuesOf("pictures"), targets: valuesOf("targets"), shares };

function assertClose(actual: ArrayLike<number>, name: string): void {
  const expected = valuesOf(name);
  assert.equal(actual.length, expected.length, name);
  const scale = Math.max(...expected.map(Math.abs), leastScale);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / scale;
  assert.ok(worst <= tolerance, `${name}: ${worst} of its largest value apart`);
}

test("the parameters and statistics have the names of PyTorch's", () => {
  assert.deepEqual([...build("train").model.entries.keys()].sort(), [...start.keys()].sort());
});

test("the losses computed from heat maps that came back are PyTorch's too", () => {
  const maps = Array.from({ length: stacks }, (_, i) => ({
    ...{ count: batch, joints, height: mapSide, width: mapSide },
    values: valuesOf(`train/heatMaps.${i}`),
  }));
  assertClose(heatMapLosses(maps, { heatMaps: valuesOf("targets"), shares }), "train/perItemLoss");
});

const support = nativeSupport();
const native = support.available ? [nativeBackend({ threads: 2, precision: "float32" })] : [];
if (!support.available) {
  test("hourglass on native against PyTorch", { skip: `${support.reason}: npm run build:native` }, () => undefined);
}

async function run(backend: Backend, parts: Parameters<typeof program>[0], frozen: boolean) {
  const executable = await backend.compile(program(parts), await backend.openState(start), { frozen });
  const results = await executable.run(feeds);
  await executable.close();
  return results;
}

for (const backend of [referenceBackend(), onnxBackend({ threads: 1 }), ...native]) {
  suite(`hourglass on ${backend.name} against PyTorch`, () => {
    test("heat maps, features, losses and gradients in training are PyTorch's", async () => {
      const { model, outputs } = build("train");
      const names = [...tensors.keys()].flatMap((name) => (name.startsWith("gradient/") ? [name] : []));
      const nodes = names.map((name) => model.nodes.get(name.slice("gradient/".length))!);
      const slopes = gradients(mean(outputs.perItemLoss), nodes);
      const named = Object.fromEntries(names.map((name, i) => [name, slopes[i]!]));
      const results = await run(backend, { name: "gradients", outputs: { ...outputs, ...named } }, false);
      for (const name of Object.keys(outputs)) assertClose(results[name]!.values, `train/${name}`);
      for (const name of names) assertClose(results[name]!.values, name);
    });

    test("inference with running statistics gives PyTorch's heat maps and losses", async () => {
      const { outputs } = build("infer");
      const results = await run(backend, { name: "infer", outputs }, true);
      for (const name of Object.keys(outputs)) assertClose(results[name]!.values, `infer/${name}`);
    });
  });
}
