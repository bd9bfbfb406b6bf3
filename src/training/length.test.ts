import assert from "node:assert/strict";
import { test } from "node:test";
import { trainingSteps } from "./length.ts";

const none = { batch: 100, epochs: null, steps: null, leastSteps: 0, stepsPerLabel: 0 };

test("epochs count whole passes, the last batch of each padded", () => {
  assert.equal(trainingSteps({ ...none, epochs: 3 }, 250, 250), 9);
});

test("steps grow with the labels beyond the first set and never fall below the least", () => {
  assert.equal(trainingSteps({ ...none, steps: 500, stepsPerLabel: 0.25 }, 3000, 1000), 1000);
  assert.equal(trainingSteps({ ...none, steps: 500, stepsPerLabel: 0.25 }, 1000, 1000), 500);
  assert.equal(trainingSteps({ ...none, epochs: 1, leastSteps: 40 }, 250, 250), 40);
});
