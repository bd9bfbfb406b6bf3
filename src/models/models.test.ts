import assert from "node:assert/strict";
import { test } from "node:test";
import { input } from "../engine/index.ts";
import { countParameters, createBuilder } from "../nn/builder.ts";
import { predictLoss } from "./loss-prediction.ts";
import { resnet18 } from "./resnet.ts";

function build(width: number, classes: number) {
  const model = createBuilder("train");
  const net = resnet18(model.builder, input("pictures", [2, 3, 32, 32]), { width, classes });
  return { model, net };
}

test("ResNet-18 for small pictures has 11,173,962 parameters at width 64 and 10 classes", () => {
  assert.equal(countParameters(build(64, 10).model.entries), 11_173_962);
});

test("the loss prediction module on its four stages has 123,905 parameters", () => {
  const { model, net } = build(64, 10);
  const before = countParameters(model.entries);
  predictLoss(model.builder, net.maps);
  assert.equal(countParameters(model.entries) - before, 123_905);
});

test("the module on six maps of SSD300 has 361,985 parameters and on two of the hourglass 66,049", () => {
  const count = (channels: readonly number[]) => {
    const model = createBuilder("train");
    predictLoss(
      model.builder,
      channels.map((c, i) => input(`map${i}`, [2, c, 4, 4])),
    );
    return countParameters(model.entries);
  };
  assert.equal(count([512, 1024, 512, 256, 256, 256]), 361_985);
  assert.equal(count([256, 256]), 66_049);
});

test("stages halve the side and double the channels, and names are torchvision's", () => {
  const { model, net } = build(4, 7);
  assert.deepEqual(
    net.maps.map((map) => map.shape),
    [
      [2, 4, 32, 32],
      [2, 8, 16, 16],
      [2, 16, 8, 8],
      [2, 32, 4, 4],
    ],
  );
  assert.deepEqual(net.logits.shape, [2, 7]);
  for (const name of [
    "conv1.weight",
    "bn1.running_var",
    "layer1.0.conv1.weight",
    "layer2.0.downsample.0.weight",
    "fc.bias",
  ]) {
    assert.ok(model.entries.has(name), name);
  }
  assert.ok(!model.entries.has("layer1.0.downsample.0.weight"));
});

test("running statistics are updated in training only, under their own names", () => {
  const { model } = build(4, 7);
  assert.equal(model.updates.size, 2 * 20);
  const scoring = createBuilder("infer", "average/");
  resnet18(scoring.builder, input("pictures", [2, 3, 32, 32]), { width: 4, classes: 7 });
  assert.equal(scoring.updates.size, 0);
});
