import assert from "node:assert/strict";
import { test } from "node:test";
import type { PoolSignal, Signal } from "../core/signals.ts";
import type { Pool, Strategy } from "../strategies/strategy.ts";
import { choose } from "./choose.ts";
import { fakeLearner, optionsOf } from "./testing/fake-run.ts";

/** The pool that a strategy of such needs is given, and what the learner was asked for. */
async function given(needs: readonly PoolSignal[], labels: readonly unknown[]) {
  const asked: [number, readonly Signal[]][] = [];
  const learner = fakeLearner({
    infer: async (items, signals) => {
      asked.push([items.length, signals]);
      return {};
    },
  });
  let seen: Pool | undefined;
  const strategy: Strategy = {
    name: "watching",
    needs,
    select: async (pool, count) => {
      seen = pool;
      return Uint32Array.from({ length: count }, (_, i) => i);
    },
  };
  const { random } = optionsOf();
  const labelled = labels.map((label, i) => ({ id: `labelled/${i}`, label, cycle: 0 }));
  const choice = { learner, strategy, candidates: ["a", "b", "c"], labelled, count: 0, ties: () => random, noted: [] };
  await choose({ ...choice, signal: undefined });
  return { labelled: seen!.labelled, asked };
}

test("a strategy is told the class of every labelled item, where labels are classes", async () => {
  const { labelled } = await given([], [2, 0, 1]);
  assert.deepEqual(labelled, {
    ids: ["labelled/0", "labelled/1", "labelled/2"],
    signals: {},
    classes: Uint32Array.of(2, 0, 1),
  });
});

test("labels that are no classes, or no labels at all, give no classes", async () => {
  for (const labels of [[{ objects: [] }], [1, { objects: [] }], []]) {
    assert.ok(!("classes" in (await given([], labels)).labelled));
  }
});

test("embedding and probabilities are inferred of labelled items too, members and gradients are not", async () => {
  const needs = ["memberProbabilities", "probabilities", "gradientFactors", "embedding"] as const;
  const { asked } = await given(needs, [0, 1]);
  assert.deepEqual(asked, [
    [3, needs],
    [2, ["probabilities", "embedding"]],
  ]);
});

test("what is derived from probabilities asks for these", async () => {
  assert.deepEqual((await given(["predictedClass"], [])).asked, [[3, ["probabilities"]]]);
});
