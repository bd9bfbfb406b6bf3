// What every backend promises, run by each of them against the float64 of `reference`. What one of them cannot do is
// skipped with its reason, visibly.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Backend, Feeds, StateEntry } from "../backend.ts";
import { evaluate } from "../backends/reference/index.ts";
import type { Node, OpName } from "../graph.ts";
import { program } from "../program.ts";
import { type BuiltCase, buildCase, caseGradients, leavesOf } from "./case.ts";
import { allCases } from "./cases/index.ts";
import { relativeError } from "./compare.ts";
import { describeInputErrors } from "./input-errors.ts";
import { describeNets } from "./nets.ts";
import { describeState } from "./state.ts";

export interface ContractOptions {
  /** Titles of cases that the backend cannot run, with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Largest relative error allowed for a case; 1e-4 when left out. */
  readonly tolerance?: (op: OpName, title: string) => number;
  /** The same for a small net after some steps of training; 1e-3 when left out. */
  readonly netTolerance?: number;
}

const exact = () => 1e-4;

export function contractSuite(name: string, makeBackend: () => Backend, options: ContractOptions = {}): void {
  const { skip = {}, tolerance = exact, netTolerance = 1e-3 } = options;
  describe(`the ${name} backend`, () => {
    it("skips only cases that there are", () => {
      const titles = allCases.map(({ title }) => title);
      assert.deepEqual(
        Object.keys(skip).filter((title) => !titles.includes(title)),
        [],
      );
    });
    const backend = makeBackend();
    describeOperations(backend, skip, tolerance);
    describeNets(backend, netTolerance);
    describeState(backend);
    describeInputErrors(backend);
  });
}

/** Value and gradients in programs of their own: what a program gives out cannot be fused away. */
function describeOperations(
  backend: Backend,
  skips: Readonly<Record<string, string>>,
  tolerance: (op: OpName, title: string) => number,
): void {
  describe("operations", { concurrency: 4 }, () => {
    for (const { op, case: one, title } of allCases) {
      const skip = skips[title] ?? false;
      const built = buildCase(op, one);
      const limit = tolerance(op, title);
      it(`computes ${title}`, { skip }, () => agrees(backend, built, { value: built.result }, limit));
      if (built.floatInputs.length === 0 || one.gradient === "none") continue;
      const outputs = Object.fromEntries(caseGradients(built).map((node, i) => [`gradient of input ${i}`, node]));
      it(`computes the gradient of ${title}`, { skip }, () => agrees(backend, built, outputs, limit));
    }
  });
}

/** Runs `outputs` on the backend and holds each against the float64 values. */
async function agrees(
  backend: Backend,
  built: BuiltCase,
  outputs: Readonly<Record<string, Node>>,
  tolerance: number,
): Promise<void> {
  const nodes = Object.values(outputs);
  const expected = evaluate(nodes, leavesOf(built));
  const results = await runOnce(backend, outputs, built.feeds, built.stored);
  Object.entries(outputs).forEach(([name, node], i) => {
    const result = results[name]!;
    assert.deepEqual({ dtype: result.dtype, shape: result.shape }, { dtype: node.dtype, shape: node.shape }, name);
    const error = relativeError(result.values, expected[i]!);
    const limit = node.dtype === "float32" ? tolerance : 0;
    assert.ok(error <= limit, `${name}: error ${error}; got ${result.values}, expected ${expected[i]}`);
  });
}

async function runOnce(
  backend: Backend,
  outputs: Readonly<Record<string, Node>>,
  feeds: Feeds,
  stored: ReadonlyMap<string, StateEntry>,
) {
  const state = await backend.openState(stored);
  const compiled = program({ name: "case", outputs });
  const used = Object.fromEntries(Object.entries(feeds).filter(([name]) => compiled.inputs.has(name)));
  const executable = await backend.compile(compiled, state);
  try {
    return await executable.run(used);
  } finally {
    await executable.close();
    await state.close();
  }
}
