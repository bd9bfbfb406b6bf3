// The detection task as a learner uses it: targets, loss in the graph and from outputs, predictions, what is told of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DetectionLabel } from "../../core/labels.ts";
import { createRandom } from "../../core/random.ts";
import { onnxBackend } from "../../engine/backends/onnx/index.ts";
import { input, program } from "../../engine/index.ts";
import { createBuilder } from "../../nn/builder.ts";
import { modelSchema } from "../../records/recipe-model.ts";
import { taskFor } from "../task-for.ts";
import { ssd300AndPriors, ssdResNetAndPriors } from "./nets.ts";
import { detectionTask } from "./task.ts";

const side = 32;
const imageSize = { width: side, height: side, channels: 3 } as const;
const normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };
const recipe = modelSchema.parse({ kind: "ssd-resnet18", width: 2, stemStride: 1, extraMaps: 1, priorRatios: [2] });
const facts = { imageSize, classNames: ["cat", "dog"], normalisation };

function task() {
  assert.ok(recipe.kind === "ssd-resnet18");
  const parts = ssdResNetAndPriors(recipe, 2, imageSize);
  return {
    priors: parts.priors,
    task: detectionTask({ classes: 2, normalisation, rule: "voc", pooling: "max", ...parts }),
  };
}

const labels: readonly DetectionLabel[] = [
  { size: { width: 64, height: 128 }, objects: [{ classIndex: 1, left: 8, top: 16, right: 40, bottom: 96 }] },
  { size: { width: 64, height: 64 }, objects: [] },
];

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const [found, wanted] = [actual[i]!, expected[i]!];
    assert.ok(Math.abs(found - wanted) <= 2e-5 * Math.max(1, Math.abs(wanted)), `${i}: ${found} for ${wanted}`);
  }
}

test("every prior that the net tells of has a place, and the loss in the graph is the one from the outputs", async () => {
  const { task: detection, priors } = task();
  const model = createBuilder("infer");
  const { outputs } = detection.forward(model.builder, input("pictures", [2, 3, side, side], "uint8"));
  assert.deepEqual(outputs.classLogits!.shape, [2, priors.length / 4, 3]);
  const perItem = detection.perItemLoss(outputs, detection.targetInputs(2));
  const exported = detection.exported!(outputs);
  const backend = await onnxBackend({ threads: 1 });
  const random = createRandom(3, "weights");
  const state = await backend.openState(
    new Map(
      [...model.entries].map(([name, { shape, initialise }]) => [name, { shape, values: initialise(shape, random) }]),
    ),
  );
  const executable = await backend.compile(
    program({ name: "both", outputs: { ...outputs, ...exported, perItem } }),
    state,
  );
  const pictures = Uint8Array.from({ length: 2 * 3 * side * side }, () => random.integer(256));
  const found = await executable.run({ pictures, ...detection.encodeTargets(labels) });
  const inferred = { count: 2, outputs: found };
  const losses = detection.lossOf(inferred, labels);
  assertNear(losses, found.perItem!.values);
  const [first] = detection.decode(inferred);
  first!.priors.forEach((prior, i) => {
    assertNear(first!.boxes.subarray(4 * i, 4 * i + 4), found.boxes!.values.subarray(4 * prior, 4 * prior + 4));
    assertNear(first!.scores.subarray(i, i + 1), [found.scores!.values[2 * prior + first!.classes[i]!]!]);
  });
  const { entropy } = detection.uncertainty(inferred);
  assert.ok(entropy!.every((value) => value > 0 && value <= Math.log(3) + 1e-6));
  await executable.close();
  await state.close();
});

test("a perfect prediction has an average precision of 1 in pictures of any size, and is told in words and boxes", () => {
  const { task: detection } = task();
  const boxes = Float32Array.of(8 / 64, 16 / 128, 40 / 64, 96 / 128, 0.5, 0.5, 0.75, 0.75);
  const seen = { boxes, classes: Int32Array.of(1, 0), scores: Float32Array.of(0.9, 0.1), priors: Uint32Array.of(3, 4) };
  const nothing = {
    boxes: new Float32Array(),
    classes: new Int32Array(),
    scores: new Float32Array(),
    priors: new Uint32Array(),
  };
  assert.equal(detection.metric([seen, nothing], labels), 1);
  assert.equal(detection.inWords(seen, facts.classNames), "1 x dog");
  assert.equal(detection.inWords(nothing, facts.classNames), "nothing");
  assert.deepEqual(detection.drawn!(seen), {
    boxes: [{ classIndex: 1, score: 0.9, left: 0.125, top: 0.125, right: 0.625, bottom: 0.75 }],
  });
});

test("what it decides about a picture is of which classes it sees an object, from a score of a half on", () => {
  const { task: detection } = task();
  const seen = (classes: readonly number[], scores: readonly number[]) => ({
    boxes: new Float32Array(4 * scores.length),
    classes: Int32Array.from(classes),
    scores: Float32Array.from(scores),
    priors: new Uint32Array(scores.length),
  });
  assert.deepEqual(detection.decisions!(seen([1, 1, 0], [0.9, 0.5, 0.4])), [0, 1]);
  assert.deepEqual(detection.decisions!(seen([], [])), [0, 0]);
});

test("pictures that do not fit a model are refused, with what it needs", () => {
  const paper = modelSchema.parse({ kind: "ssd300-vgg16" });
  assert.throws(() => taskFor(paper, facts), {
    message: 'model "ssd300-vgg16": needs pictures of 300 x 300, the data gives 32 x 32',
  });
  const flat = { ...facts, imageSize: { ...imageSize, height: 24 } };
  assert.throws(() => taskFor(recipe, flat), {
    message: 'model "ssd-resnet18": needs square pictures, the data gives 32 x 24',
  });
  assert.ok(paper.kind === "ssd300-vgg16");
  assert.equal(ssd300AndPriors(paper, 20, { width: 300, height: 300 }).priors.length, 4 * 8732);
});
