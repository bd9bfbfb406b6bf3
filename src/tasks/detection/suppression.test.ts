import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../core/random.ts";
import { bestFirst } from "./best-first.ts";
import { nonMaximumSuppression } from "./suppression.ts";
import { fixture } from "./testing/fixture.ts";

for (const { boxes, scores, mostOverlap, kept } of fixture.suppression) {
  test(`of ${boxes.length} boxes the ONNX Runtime's stay at overlap ${mostOverlap}`, () => {
    const stay = nonMaximumSuppression(Float32Array.from(boxes.flat()), Float32Array.from(scores), mostOverlap);
    assert.deepEqual([...stay], kept);
  });
}

test("a box that overlaps a better one exactly as much as allowed stays", () => {
  const boxes = Float32Array.of(0, 0, 2, 1, 0, 0, 1, 1);
  assert.deepEqual([...nonMaximumSuppression(boxes, Float32Array.of(2, 1), 0.5)], [0, 1]);
  assert.deepEqual([...nonMaximumSuppression(boxes, Float32Array.of(1, 2), 0.49)], [1]);
});

test("nothing stays of nothing", () => {
  assert.equal(nonMaximumSuppression(new Float32Array(0), new Float32Array(0), 0.5).length, 0);
});

test("scores of any sign and size sort from the highest, equal ones by position", () => {
  const random = createRandom(2, "scores");
  const special = [0, -0, 3e38, -3e38, 1e-45, -1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const drawn = Array.from({ length: 500 }, () => Math.round(8 * random.normal()) / 8);
  const scores = Float32Array.from([...special, ...drawn, ...special]);
  const expected = [...scores.keys()].sort((a, b) =>
    scores[a] === scores[b] ? a - b : scores[a]! < scores[b]! ? 1 : -1,
  );
  assert.deepEqual([...bestFirst(scores)], expected);
  for (const most of [0, 1, 7, 100, 400, 600]) assert.deepEqual([...bestFirst(scores, most)], expected.slice(0, most));
});
