import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { evaluate } from "../engine/backends/reference/index.ts";
import { gradients, input, sum } from "../engine/index.ts";
import { modulePairLoss, type PairLoss } from "./loss-prediction.ts";

interface Case {
  readonly name: string;
  readonly kind: PairLoss;
  readonly margin: number;
  readonly predicted: readonly number[];
  readonly actual: readonly number[];
  readonly weights: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
}

const fixture = new URL("../../test/fixtures/pair-losses.json", import.meta.url);
const { cases } = JSON.parse(await readFile(fixture, "utf8")) as { cases: readonly Case[] };

for (const { name, kind, margin, predicted, actual, weights, loss, gradient } of cases) {
  test(`${kind} loss of ${name} losses with margin ${margin} and its gradient are PyTorch's`, () => {
    const nodes = ["predicted", "actual", "weights"].map((leaf) => input(leaf, [predicted.length]));
    const result = modulePairLoss(nodes[0]!, nodes[1]!, nodes[2]!, { kind, margin });
    const [slope] = gradients(result, [nodes[0]!]);
    const [value, slopes] = evaluate([result, slope!], { inputs: { predicted, actual, weights } });
    assert.ok(Math.abs(value![0]! - loss) < 1e-6, `${value![0]} for ${loss}`);
    gradient.forEach((expected, i) => {
      assert.ok(Math.abs(slopes![i]! - expected) < 1e-6, `gradient ${i}: ${slopes![i]} for ${expected}`);
    });
  });
}

test("the true losses are constants: nothing flows back through them", () => {
  const [predicted, actual, weights] = ["predicted", "actual", "weights"].map((leaf) => input(leaf, [4]));
  for (const kind of ["ranking", "mse", "kl"] as const) {
    const loss = modulePairLoss(predicted!, actual!, weights!, { kind, margin: 1 });
    const [slope] = gradients(sum(loss), [actual!]);
    assert.deepEqual(evaluate([slope!], {}), [new Float64Array(4)]);
  }
});

test("the ranking loss is 0 just where the pair is apart by the margin in the right order", () => {
  const [predicted, actual, weights] = ["predicted", "actual", "weights"].map((leaf) => input(leaf, [2]));
  const loss = modulePairLoss(predicted!, actual!, weights!, { kind: "ranking", margin: 1 });
  const at = (first: number, second: number) =>
    evaluate([loss], { inputs: { predicted: [first, second], actual: [2, 1], weights: [1, 1] } })[0]![0]!;
  assert.equal(at(1.5, 0.5), 0);
  assert.equal(at(3, 0), 0);
  assert.ok(Math.abs(at(1, 0.5) - 0.5) < 1e-12);
  assert.ok(Math.abs(at(0, 1) - 2) < 1e-12);
});
