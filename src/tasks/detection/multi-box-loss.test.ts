// The loss per picture and its gradients against PyTorch, on every engine that is here, and once more from outputs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { nativeBackend, nativeSupport } from "../../engine/backends/native/index.ts";
import { onnxBackend } from "../../engine/backends/onnx/index.ts";
import { referenceBackend } from "../../engine/backends/reference/index.ts";
import { type Backend, constant, gradients, input, mul, program, sum } from "../../engine/index.ts";
import { multiBoxLoss, multiBoxLosses } from "./multi-box-loss.ts";

interface Fixture {
  readonly shape: { readonly batch: number; readonly priors: number; readonly columns: number };
  readonly classLogits: number[];
  readonly offsets: number[];
  readonly targetClasses: number[];
  readonly targetOffsets: number[];
  readonly losses: number[];
  readonly weights: number[];
  readonly gradients: { readonly classLogits: number[]; readonly offsets: number[] };
}
const file = new URL("../../../test/fixtures/multi-box-loss.json", import.meta.url);
const fixture = JSON.parse(await readFile(file, "utf8")) as Fixture;
const { batch, priors, columns } = fixture.shape;
const feeds = {
  classLogits: Float32Array.from(fixture.classLogits),
  offsets: Float32Array.from(fixture.offsets),
  targetClasses: Int32Array.from(fixture.targetClasses),
  targetOffsets: Float32Array.from(fixture.targetOffsets),
};

function lossProgram() {
  const nodes = {
    classLogits: input("classLogits", [batch, priors, columns]),
    offsets: input("offsets", [batch, priors, 4]),
    targetClasses: input("targetClasses", [batch, priors], "int32"),
    targetOffsets: input("targetOffsets", [batch, priors, 4]),
  };
  const losses = multiBoxLoss(nodes);
  const weighted = sum(mul(losses, constant(Float32Array.from(fixture.weights), [batch])));
  const [byLogits, byOffsets] = gradients(weighted, [nodes.classLogits, nodes.offsets]);
  return program({ name: "loss", outputs: { losses, byLogits: byLogits!, byOffsets: byOffsets! } });
}

function assertNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) < 3e-6 * Math.max(1, Math.abs(value)), `${i}: ${actual[i]} for ${value}`);
  });
}

async function assertFixture(backend: Backend): Promise<void> {
  const state = await backend.openState(new Map());
  const executable = await backend.compile(lossProgram(), state);
  const { losses, byLogits, byOffsets } = await executable.run(feeds);
  assertNear(losses!.values, fixture.losses);
  assertNear(byLogits!.values, fixture.gradients.classLogits);
  assertNear(byOffsets!.values, fixture.gradients.offsets);
  await executable.close();
  await state.close();
}

describe("the loss of each picture and its gradients are PyTorch's", () => {
  test("on the reference", async () => assertFixture(referenceBackend()));
  test("on the ONNX Runtime", async () => assertFixture(await onnxBackend({ threads: 1 })));
  const support = nativeSupport();
  test("on the native engine", { skip: support.available ? false : support.reason }, async () =>
    assertFixture(nativeBackend({ threads: 1, precision: "float32" })),
  );
});

test("the loss computed from outputs is the same", () => {
  const { classLogits, offsets, targetClasses, targetOffsets } = feeds;
  const losses = multiBoxLosses(
    { count: batch, columns, classLogits, offsets },
    { classes: targetClasses, offsets: targetOffsets },
  );
  assertNear(losses, fixture.losses);
});

test("equal losses of background priors are told apart by position, so that no more than three count", () => {
  const row = { count: 1, columns: 2, classLogits: new Float32Array(20), offsets: new Float32Array(40) };
  const targets = { classes: new Int32Array(10), offsets: new Float32Array(40) };
  assertNear(multiBoxLosses(row, targets), [3 * Math.log(2)]);
});
