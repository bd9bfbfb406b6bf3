import assert from "node:assert/strict";
import { test } from "node:test";
import { skeletonOf } from "../core/skeleton.ts";
import { modelSchema } from "../records/recipe-model.ts";
import { taskFor } from "../tasks/task-for.ts";
import { inferProgram, passProgram } from "./programs.ts";

const data = {
  classNames: ["cat", "dog"],
  normalisation: { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
  skeleton: skeletonOf(["neck", "pelvis"], [], "test"),
};
const dropout = { share: 0.5 };
const models = [
  { model: { kind: "resnet18", width: 2, dropout }, side: 32, places: 1 },
  { model: { kind: "ssd-resnet18", width: 2, extraMaps: 2, dropout }, side: 64, places: 4 },
  { model: { kind: "ssd300-vgg16", width: 1, dropout }, side: 300, places: 6 },
  { model: { kind: "hourglass", width: 8, stacks: 2, depth: 1, dropout }, side: 64, places: 2 },
];

for (const { model, side, places } of models) {
  test(`a pass of ${model.kind} is fed what inference gives before dropout, and masks, and no pictures`, () => {
    const picture = { channels: 3, height: side, width: side } as const;
    const task = taskFor(modelSchema.parse(model), { ...data, imageSize: picture });
    const options = { task, picture, batch: 2, averaged: false };
    const before = inferProgram({ ...options, withModule: false, withFeatures: true });
    const pass = passProgram(options);
    const features = [...pass.inputs.keys()].filter((name) => name.endsWith(".features"));
    assert.equal(features.length, places);
    const masks = features.map((name) => name.replace(/features$/, "mask"));
    assert.deepEqual(new Set(pass.inputs.keys()), new Set([...features, ...masks]));
    for (const name of features) assert.deepEqual(pass.inputs.get(name)!.shape, before.outputs.get(name)!.shape);
    const plain = inferProgram({ ...options, withModule: false });
    assert.deepEqual(
      [...pass.outputs.keys()],
      [...plain.outputs.keys()].filter((name) => name !== "embedding"),
    );
  });
}
