// Single-shot detectors: SSD300 against a build of its own in PyTorch, the small one by its shapes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { onnxBackend } from "../engine/backends/onnx/index.ts";
import { input, program, type StateEntry, sizeOf } from "../engine/index.ts";
import { countParameters, createBuilder } from "../nn/builder.ts";
import { predictLoss } from "./loss-prediction.ts";
import { ssdResNet, ssdResNetCellsPerSide } from "./ssd-resnet.ts";
import { ssd300, ssd300CellsPerSide } from "./ssd300.ts";

interface Sampled {
  readonly shape: readonly number[];
  readonly norm: number;
  readonly sample: readonly number[];
}
const fixture = JSON.parse(await readFile(new URL("../../test/fixtures/ssd300.json", import.meta.url), "utf8")) as {
  readonly parametersAtFullWidth: number;
  readonly classes: number;
  readonly priorsPerCell: number[];
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly maps: readonly { readonly shape: readonly number[]; readonly norm: number }[];
  readonly classLogits: Sampled;
  readonly offsets: Sampled;
};
const { classes, priorsPerCell } = fixture;

function build(width: number) {
  const model = createBuilder("infer");
  const net = ssd300(model.builder, input("pictures", [1, 3, 300, 300]), { classes, width, priorsPerCell });
  return { model, net };
}

test("SSD300 has as many parameters as its build in PyTorch, its module 361,985 more, and 8,732 priors", () => {
  const { model, net } = build(64);
  const own = countParameters(model.entries);
  assert.equal(own, fixture.parametersAtFullWidth);
  predictLoss(model.builder, net.maps);
  assert.equal(countParameters(model.entries) - own, 361_985);
  assert.deepEqual(net.classLogits.shape, [1, 8732, 21]);
  assert.deepEqual(net.embedding.shape, [1, 1024]);
  assert.deepEqual(
    net.maps.map((map) => map.shape[2]),
    ssd300CellsPerSide,
  );
});

/** The numbers that the fixture's script gives its net. */
function weights(): Map<string, StateEntry> {
  return new Map(
    fixture.parameters.map(({ name, shape }, t) => {
      const scale = shape.length === 4 ? Math.sqrt(6 / sizeOf(shape.slice(1))) : 0.1;
      const value = (j: number) => (name === "conv4_scale.weight" ? 20 : scale * Math.sin(1 + 0.9 * t + 1.7 * j));
      return [name, { shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, j) => value(j)) }];
    }),
  );
}

function assertSampled(actual: Float32Array, { shape, norm, sample }: Sampled): void {
  assert.equal(actual.length, sizeOf(shape));
  const every = Math.max(1, Math.floor(actual.length / 97));
  const largest = Math.max(...sample.map(Math.abs));
  sample.forEach((value, i) => {
    const found = actual[i * every]!;
    assert.ok(Math.abs(found - value) < 2e-5 * largest, `element ${i * every}: ${found} for ${value}`);
  });
  assertNear(normOf(actual), norm);
}

function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-5 * expected, `${actual} for ${expected}`);
}

test("a narrow SSD300 gives what its build in PyTorch gives, map by map, logits and offsets", async () => {
  const { model, net } = build(1);
  assert.deepEqual(
    [...model.entries]
      .map(([name, { shape }]) => ({ name, shape: [...shape] }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    [...fixture.parameters].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  const backend = await onnxBackend({ threads: 1 });
  const state = await backend.openState(weights());
  const maps = Object.fromEntries(net.maps.map((map, i) => [`map${i}`, map]));
  const outputs = { classLogits: net.classLogits, offsets: net.offsets, ...maps };
  const executable = await backend.compile(program({ name: "ssd300", outputs }), state);
  const picture = Float32Array.from({ length: 3 * 300 * 300 }, (_, j) => Math.sin(0.01 * j));
  const found = await executable.run({ pictures: picture });
  fixture.maps.forEach(({ shape, norm }, i) => {
    assert.deepEqual(found[`map${i}`]!.shape, shape);
    assertNear(normOf(found[`map${i}`]!.values as Float32Array), norm);
  });
  assertSampled(found.classLogits!.values as Float32Array, fixture.classLogits);
  assertSampled(found.offsets!.values as Float32Array, fixture.offsets);
  await executable.close();
  await state.close();
});

test("the small detector's maps have the sides that are promised, also where halving leaves a rest", () => {
  for (const [sidePx, stemStride, extraMaps] of [
    [128, 2, 2],
    [64, 1, 3],
    [75, 2, 1],
  ] as const) {
    const model = createBuilder("train");
    const options = { classes: 3, width: 4, stemStride, extraMaps, priorsPerCell: 4 };
    const net = ssdResNet(model.builder, input("pictures", [2, 3, sidePx, sidePx]), options);
    const cells = ssdResNetCellsPerSide(sidePx, options);
    assert.deepEqual(
      net.maps.map((map) => [map.shape[2], map.shape[3]]),
      cells.map((side) => [side, side]),
    );
    const priors = 4 * cells.reduce((total, side) => total + side ** 2, 0);
    assert.deepEqual(
      [net.classLogits.shape, net.offsets.shape, net.embedding.shape],
      [
        [2, priors, 4],
        [2, priors, 4],
        [2, 32],
      ],
    );
  }
});
