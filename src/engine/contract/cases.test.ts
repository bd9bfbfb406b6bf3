// The table of cases is complete and says what it tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gradientRules } from "../gradients/index.ts";
import { topologicalOrder } from "../graph.ts";
import { buildCase } from "./case.ts";
import { allCases, cases } from "./cases/index.ts";

test("every operation has at least three cases, and each case uses its operation", () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(gradientRules).sort());
  for (const [op, list] of Object.entries(cases)) assert.ok(list.length >= 3, `${op} has ${list.length} cases`);
  for (const { op, case: one, title } of allCases) {
    const { result } = buildCase(op, one);
    assert.ok(
      topologicalOrder([result]).some((node) => node.op === op),
      title,
    );
  }
});

test("no two cases have one title", () => {
  const titles = allCases.map(({ title }) => title);
  assert.deepEqual(titles, [...new Set(titles)]);
});

test("a case has the same numbers every time it is built", () => {
  const { op, case: one } = allCases.find(({ title }) => title === "conv2d: 3x3")!;
  assert.deepEqual(buildCase(op, one).feeds, buildCase(op, one).feeds);
});
