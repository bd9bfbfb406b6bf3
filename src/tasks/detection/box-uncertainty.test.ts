// Figures worked out by hand from probabilities of simple fractions; the first is background's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BoxPooling, boxUncertainty } from "./box-uncertainty.ts";
import type { DecodedPicture, DetectionOutputs } from "./decode.ts";
import { assertNear, keptFrom, outputsOf } from "./testing/fixture.ts";

const even = [1 / 3, 1 / 3, 1 / 3];
const halves = [1 / 4, 1 / 2, 1 / 4];
const sure = [7 / 8, 1 / 16, 1 / 16];
const surer = [14 / 16, 1 / 16, 1 / 16 - 1e-3];

function uncertainty(outputs: DetectionOutputs, decoded: readonly DecodedPicture[], pooling: BoxPooling) {
  const { entropy, margin, leastConfidence } = boxUncertainty(outputs, decoded, pooling);
  return [...entropy, ...margin, ...leastConfidence];
}

test("the kept boxes of a picture count, by their mean or by the most unsure of them", () => {
  const outputs = outputsOf([sure, halves, even], [halves, sure, sure]);
  const decoded = [keptFrom(2, 1), keptFrom(0)];
  const [ln2, ln3] = [Math.log(2), Math.log(3)];
  const mean = [(ln3 + 1.5 * ln2) / 2, 1.5 * ln2, (1 + 3 / 4) / 2, 3 / 4, (2 / 3 + 1 / 2) / 2, 1 / 2];
  assertNear(uncertainty(outputs, decoded, "mean"), mean, 1e-6);
  assertNear(uncertainty(outputs, decoded, "max"), [ln3, 1.5 * ln2, 1, 3 / 4, 2 / 3, 1 / 2], 1e-6);
});

test("a box that is kept for two classes counts once", () => {
  const outputs = outputsOf([even, halves]);
  assert.deepEqual(
    uncertainty(outputs, [keptFrom(0, 1, 0, 0)], "mean"),
    uncertainty(outputs, [keptFrom(0, 1)], "mean"),
  );
});

test("for a picture without kept boxes the prior speaks that is least sure to see background", () => {
  const outputs = outputsOf([halves, halves, halves], [surer, sure, surer]);
  const found = uncertainty(outputs, [keptFrom(0), keptFrom()], "mean");
  assertNear(
    [found[1]!, found[3]!, found[5]!],
    [(7 / 8) * Math.log(8 / 7) + (1 / 8) * Math.log(16), 3 / 16, 1 / 8],
    1e-6,
  );
});
