import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { input } from "../engine/index.ts";
import { countParameters, createBuilder } from "../nn/builder.ts";
import { type HourglassOptions, hourglass } from "./hourglass.ts";
import { predictLoss } from "./loss-prediction.ts";

const fixture = new URL("../../test/fixtures/hourglass-narrow.json", import.meta.url);
const { parameterCounts } = JSON.parse(readFileSync(fixture, "utf8")) as {
  parameterCounts: (HourglassOptions & { parameters: number })[];
};

function build(options: HourglassOptions, side: number) {
  const model = createBuilder("train");
  return { model, net: hourglass(model.builder, input("pictures", [2, 3, side, side]), options) };
}

const published: HourglassOptions = { joints: 16, stacks: 2, depth: 4, channels: 256, blocks: 1 };

for (const { parameters, ...options } of parameterCounts) {
  test(`a hourglass of ${JSON.stringify(options)} has as many parameters as PyTorch's: ${parameters}`, () => {
    assert.equal(countParameters(build(options, 256).model.entries), parameters);
  });
}

test("256 x 256 pictures give heat maps of 64 x 64 per stack, and the features before them", () => {
  const { net } = build(published, 256);
  const shapes = (nodes: readonly { shape: readonly number[] }[]) => nodes.map(({ shape }) => shape);
  assert.deepEqual(shapes(net.heatMaps), Array(2).fill([2, 16, 64, 64]));
  assert.deepEqual(shapes(net.maps), Array(2).fill([2, 256, 64, 64]));
  assert.deepEqual(net.embedding.shape, [2, 256]);
});

test("the loss prediction module on its two maps has 66,049 parameters", () => {
  const { model, net } = build(published, 256);
  const before = countParameters(model.entries);
  predictLoss(model.builder, net.maps);
  assert.equal(countParameters(model.entries) - before, 66_049);
});

test("sizes that do not divide are refused with the multiple they need", () => {
  assert.throws(() => build(published, 96), /\[2,3,96,96\] at depth 4; the side must divide by 64/);
  assert.throws(() => build({ ...published, channels: 30 }, 128), /30 channels; they must divide by 4/);
});
