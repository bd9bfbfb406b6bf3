import assert from "node:assert/strict";
import { test } from "node:test";
import { ssd300FromVgg } from "./vgg-weights.ts";

/** A tensor whose elements are their own positions in row-major order. */
function numbered(shape: readonly number[]) {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: size }, (_, i) => i);
  return { shape, values };
}

test("VGG's fully connected layers become convolutions of every fourth unit and every third row and column", () => {
  const [out, channels] = [8, 2];
  const tensors = ssd300FromVgg(
    new Map([
      ["features.0.weight", numbered([2, 3, 3, 3])],
      ["classifier.0.weight", numbered([out, channels * 49])],
      ["classifier.0.bias", numbered([out])],
      ["classifier.3.weight", numbered([out, out])],
      ["classifier.3.bias", numbered([out])],
      ["classifier.6.weight", numbered([5, out])],
    ]),
  );
  assert.deepEqual([...tensors.keys()].sort(), [
    "fc6.bias",
    "fc6.weight",
    "fc7.bias",
    "fc7.weight",
    "features.0.weight",
  ]);
  const fc6 = tensors.get("fc6.weight")!;
  assert.deepEqual(fc6.shape, [2, 2, 3, 3]);
  const expected = [0, 4].flatMap((unit) =>
    [0, 1].flatMap((channel) =>
      [0, 3, 6].flatMap((y) => [0, 3, 6].map((x) => unit * channels * 49 + channel * 49 + y * 7 + x)),
    ),
  );
  assert.deepEqual([...fc6.values], expected);
  assert.deepEqual([...tensors.get("fc7.weight")!.values], [0, 4, 32, 36]);
  assert.deepEqual([...tensors.get("fc7.bias")!.values], [0, 4]);
});
