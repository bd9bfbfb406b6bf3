// Portions of one experiment, put together again.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Results } from "../../records/results.ts";
import { mergeResults } from "./merge-results.ts";
import { sampleResults } from "./sample-results.ts";

test("portions with other seeds give what one run of all seeds gives", () => {
  const whole = sampleResults({ seeds: [0, 1, 2] });
  const merged = mergeResults([sampleResults({ seeds: [2] }), sampleResults({ seeds: [0, 1] })]);
  assert.deepEqual(merged.arms, whole.arms);
  assert.deepEqual(merged.comparison, whole.comparison);
});

test("portions with other arms give one comparison of all arms", () => {
  const whole = sampleResults();
  const part = (names: readonly string[]) => ({ ...whole, arms: whole.arms.filter((arm) => names.includes(arm.name)) });
  const merged = mergeResults([part(["random", "random-with-module"]), part(["entropy", "core-set", "learned-loss"])]);
  assert.deepEqual(merged.comparison, whole.comparison);
});

test("the merged run began with the first and is finished when all are", () => {
  const first = sampleResults({ seeds: [0] });
  const later = {
    ...first.provenance,
    started: "2026-11-21T08:00:00.000Z",
    finished: "2026-11-21T09:00:00.000Z",
    machine: "8 cores",
  };
  const { provenance } = mergeResults([{ ...sampleResults({ seeds: [1] }), provenance: later }, first]);
  assert.equal(provenance.started, "2026-11-20T10:00:00.000Z");
  assert.equal(provenance.finished, "2026-11-21T09:00:00.000Z");
  assert.equal(provenance.machine, "8 cores; 2 cores, 8 GB");
  const running = { ...sampleResults({ seeds: [1] }), provenance: { ...later, finished: null } };
  assert.equal(mergeResults([first, running]).provenance.finished, null);
});

test("the same arm and seed twice is refused", () => {
  const twice = [sampleResults({ seeds: [0, 1] }), sampleResults({ seeds: [1, 2] })];
  assert.throws(() => mergeResults(twice), /^ForelossError: arm "random", seed 1: in two of the runs$/);
});

test("an arm that means something else in another run is refused", () => {
  const other = sampleResults({ seeds: [1] });
  const warm: Results = { ...other, arms: other.arms.map((arm) => ({ ...arm, start: "warm" })) };
  assert.throws(
    () => mergeResults([sampleResults({ seeds: [0] }), warm]),
    /arm "random": start is cold in one run and warm/,
  );
});

test("different data, engine or recipe is another experiment; the order of a recipe's fields is not", () => {
  const first = sampleResults({ seeds: [0] });
  const other = sampleResults({ seeds: [1] });
  const recipe = (training: unknown) => ({ ...other, provenance: { ...other.provenance, recipe: { training } } });
  assert.throws(() => mergeResults([first, { ...other, name: "else" }]), /not of the same experiment/);
  assert.throws(() => mergeResults([first, { ...other, engine: { ...other.engine, threads: 8 } }]), /not of the same/);
  assert.throws(
    () => mergeResults([first, { ...other, dataset: { ...other.dataset, digest: "0" } }]),
    /not of the same/,
  );
  assert.throws(() => mergeResults([recipe({ a: 1, b: 2 }), { ...recipe({ a: 2 }), arms: [] }]), /not of the same/);
  assert.doesNotThrow(() => mergeResults([recipe({ a: 1, b: 2 }), { ...recipe({ b: 2, a: 1 }), arms: [] }]));
});
