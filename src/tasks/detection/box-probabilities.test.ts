// Figures worked out by hand from probabilities of simple fractions; the first is background's.
import { test } from "node:test";
import { boxGradients, boxProbabilities } from "./box-probabilities.ts";
import { assertNear, keptFrom, outputsOf } from "./testing/fixture.ts";

const cat = [1 / 4, 3 / 4 - 1 / 16, 1 / 16];
const dog = [1 / 4, 1 / 16, 3 / 4 - 1 / 16];
const faint = [3 / 4, 1 / 8, 1 / 8];

test("kept boxes count by their chance to hold an object", () => {
  const outputs = outputsOf([cat, faint]);
  const read = boxProbabilities(outputs, [keptFrom(0, 1, 0)]);
  // Weights 3/4 and 1/4.
  assertNear(read(outputs).values, [3 / 8, (3 * 11) / 64 + 1 / 32, 3 / 64 + 1 / 32], 1e-6);
});

test("a pass is read at the boxes, and with the weights, of the outputs they were found in", () => {
  const read = boxProbabilities(outputsOf([cat, faint]), [keptFrom(0, 1)]);
  const pass = outputsOf([dog, cat]);
  assertNear(read(pass).values, [1 / 4, (3 * 1) / 64 + 11 / 64, (3 * 11) / 64 + 1 / 64], 1e-6);
});

test("a picture without kept boxes has the probabilities of the prior that is least sure to see background", () => {
  const outputs = outputsOf([cat, dog], [[1, 1e-30, 1e-30], faint]);
  const read = boxProbabilities(outputs, [keptFrom(0), keptFrom()]);
  assertNear(read(outputs).values.subarray(3), faint, 1e-6);
});

test("boxes that see next to no object still have probabilities", () => {
  const empty = [1, 1e-36, 1e-36];
  const outputs = outputsOf([empty, empty]);
  assertNear(boxProbabilities(outputs, [keptFrom()])(outputs).values, [1, 0, 0], 1e-6);
});

test("two objects told for sure have a short gradient, although two classes share the probabilities", () => {
  const outputs = outputsOf([[0, 1, 0].map((p) => Math.max(p, 1e-9)), [0, 0, 1].map((p) => Math.max(p, 1e-9))]);
  const decoded = [keptFrom(0, 1)];
  assertNear(boxProbabilities(outputs, decoded)(outputs).values, [0, 1 / 2, 1 / 2], 1e-6);
  assertNear(boxGradients(outputs, decoded).values, [0, 0, 0], 1e-6);
});

test("the gradient of each box is taken for its own likeliest class", () => {
  const outputs = outputsOf([cat, dog]);
  assertNear(boxGradients(outputs, [keptFrom(0, 1)]).values, [1 / 4, -1 / 8, -1 / 8], 1e-6);
});
