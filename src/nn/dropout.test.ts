import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../core/random.ts";
import { evaluate } from "../engine/backends/reference/index.ts";
import { gradients, input, program, sum } from "../engine/index.ts";
import { type BuilderMode, createBuilder } from "./builder.ts";
import { drawMasks, dropout, featureOutputs } from "./dropout.ts";

const x = input("x", [2, 3]);

function build(mode: BuilderMode, share = 0.5) {
  const model = createBuilder(mode);
  return { result: dropout(model.builder.in("fc"), x, share), dropouts: model.dropouts };
}

test("in training every item loses its own channels, what stays is scaled up, and the gradient goes the same way", () => {
  const { result } = build("train");
  const inputs = { x: [1, 2, 3, 4, 5, 6], "fc.dropout.mask": [2, 0, 2, 0, 2, 0] };
  const [slope] = gradients(sum(result), [x]);
  const [values, slopes] = evaluate([result, slope!], { inputs });
  assert.deepEqual([...values!], [2, 0, 6, 0, 10, 0]);
  assert.deepEqual([...slopes!], [2, 0, 2, 0, 2, 0]);
});

test("inference leaves everything as it is, and a share of 0 leaves no trace", () => {
  assert.equal(build("infer").result, x);
  for (const mode of ["train", "infer", "pass"] as const) {
    const { result, dropouts } = build(mode, 0);
    assert.equal(result, x);
    assert.equal(dropouts.size, 0);
  }
});

test("a pass begins at dropout: it is fed what inference gives there, and one mask for all items", () => {
  const { result } = build("pass");
  assert.deepEqual([...program({ name: "pass", outputs: { result } }).inputs.keys()].sort(), [
    "fc.dropout.features",
    "fc.dropout.mask",
  ]);
  const inputs = { "fc.dropout.features": [1, 2, 3, 4, 5, 6], "fc.dropout.mask": [0, 2, 2] };
  assert.deepEqual([...evaluate([result], { inputs })[0]!], [0, 4, 6, 0, 10, 12]);
  assert.deepEqual(Object.keys(featureOutputs(build("infer").dropouts)), ["fc.dropout.features"]);
});

test("masks drop the share asked for, keep the mean, and follow from the stream alone", () => {
  const model = createBuilder("train");
  dropout(model.builder, input("wide", [1, 1000]), 0.2);
  const draw = (seed: number) => drawMasks(model.dropouts, 20, createRandom(seed))["dropout.mask"] as Float32Array;
  const mask = draw(1);
  assert.equal(mask.length, 20_000);
  assert.deepEqual([...new Set(mask)].sort(), [0, 1.25]);
  const dropped = mask.filter((value) => value === 0).length / mask.length;
  assert.ok(Math.abs(dropped - 0.2) < 0.015, `${dropped}`); // 5 standard deviations of a binomial(20,000, 0.2)
  assert.deepEqual(draw(1), mask);
  assert.notDeepEqual(draw(2), mask);
});
