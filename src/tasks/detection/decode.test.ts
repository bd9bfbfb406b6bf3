import assert from "node:assert/strict";
import { test } from "node:test";
import { type DecodeOptions, type DetectionOutputs, decodeDetections, ssdDecoding } from "./decode.ts";
import { inPixels } from "./detections.ts";
import { assertNear, fixture, smallPriors } from "./testing/fixture.ts";

const priorCount = smallPriors.length / 4;

fixture.decoding.forEach(({ columns, classLogits, offsets, options, pictures }) => {
  test(`the boxes of ${columns - 1} classes above ${options.minScore} are those of torchvision and the ONNX Runtime`, () => {
    const outputs = {
      count: 2,
      columns,
      classLogits: Float32Array.from(classLogits),
      offsets: Float32Array.from(offsets),
    };
    decodeDetections(outputs, smallPriors, options).forEach((found, picture) => {
      const expected = pictures[picture]!;
      assert.deepEqual(
        [...found.priors],
        expected.map((row) => row[6]),
      );
      assert.deepEqual(
        [...found.classes],
        expected.map((row) => row[4]),
      );
      assertNear(
        found.scores,
        expected.map((row) => row[5]!),
        1e-6,
      );
      assertNear(
        found.boxes,
        expected.flatMap((row) => row.slice(0, 4)),
        1e-5,
      );
    });
  });
});

/** Outputs of one picture that is sure to see background, but for some logits [prior, column, value]. */
function mostlyBackground(columns: number, logits: readonly (readonly [number, number, number])[]): DetectionOutputs {
  const classLogits = new Float32Array(priorCount * columns);
  for (let p = 0; p < priorCount; p++) classLogits[p * columns] = 20;
  for (const [prior, column, value] of logits) classLogits[prior * columns + column] = value;
  return { count: 1, columns, classLogits, offsets: new Float32Array(4 * priorCount) };
}

const decodeOne = (outputs: DetectionOutputs, options: Partial<DecodeOptions> = {}) =>
  decodeDetections(outputs, smallPriors, { ...ssdDecoding, ...options })[0]!;

test("a picture that is all background has no boxes", () => {
  assert.equal(decodeOne(mostlyBackground(5, [])).scores.length, 0);
});

test("a box stays whose probability is just above the threshold, and one just below does not", () => {
  const logitOf = (probability: number) => 20 + Math.log(probability / (1 - probability));
  const found = decodeOne(
    mostlyBackground(2, [
      [3, 1, logitOf(0.0101)],
      [60, 1, logitOf(0.0099)],
    ]),
  );
  assert.deepEqual([...found.priors], [3]);
  assertNear(found.scores, [0.0101], 1e-6);
});

test("a box that lies on another of another class stays", () => {
  const both = decodeOne(
    mostlyBackground(3, [
      [7, 1, 30],
      [7, 2, 30],
    ]),
  );
  assert.deepEqual([...both.classes], [0, 1]);
  assert.deepEqual(both.boxes.slice(0, 4), both.boxes.slice(4));
});

test("a box wholly outside its picture is dropped, others are cut at its edges", () => {
  const outputs = mostlyBackground(2, [
    [0, 1, 30],
    [1, 1, 29],
  ]);
  outputs.offsets[0] = -1e4;
  outputs.offsets[4] = -3;
  const { boxes, priors } = decodeOne(outputs, { mostOverlap: 1 });
  assert.deepEqual([...priors], [1]);
  assert.equal(boxes[0], 0);
  assert.ok(boxes[2]! > 0);
});

test("an output that is not finite is an error that names picture, prior and output", () => {
  const columns = 3;
  for (const column of [0, 1, 2]) {
    assert.throws(
      () => decodeOne(mostlyBackground(columns, [[7, column, Number.NaN]])),
      /classLogits of picture 0, prior 7/,
    );
  }
  const outputs = mostlyBackground(columns, [[9, 1, 30]]);
  outputs.offsets[4 * 9 + 2] = Number.NaN;
  assert.throws(() => decodeOne(outputs), /offsets of picture 0, prior 9/);
});

test("outputs that do not have a row for every prior are refused with both lengths", () => {
  const outputs = mostlyBackground(3, []);
  assert.throws(() => decodeOne({ ...outputs, count: 2 }), /classLogits and .* offsets; 2 pictures of \d+ priors have/);
});

test("boxes in shares become pixels of a picture", () => {
  const found = { boxes: Float32Array.of(0, 0.5, 0.25, 1), classes: Int32Array.of(3), scores: Float32Array.of(1) };
  assert.deepEqual([...inPixels(found, { width: 200, height: 100 }).boxes], [0, 50, 50, 100]);
});
