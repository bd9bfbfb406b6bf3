// Signs of stopping, by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CycleRecord, SeedResult } from "../records/results.ts";
import { stoppingSigns } from "./stopping.ts";
import { madeCycle } from "./testing/made-arm.ts";

/** A seed of 50, 70, 90, ... labels with these fields per cycle. */
function seed(number: number, cycles: readonly Partial<CycleRecord>[]): SeedResult {
  return { seed: number, cycles: cycles.map((fields, c) => ({ ...madeCycle(c, 50 + 20 * c, 0.5), ...fields })) };
}

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) < 1e-12, `${actual} instead of ${expected}`);
}

test("the last gain is the last cycle's metric minus the one's before, with its interval, and per label", () => {
  const signs = stoppingSigns([
    seed(1, [{ metric: 0.1 }, { metric: 0.5 }, { metric: 0.52 }]),
    seed(2, [{ metric: 0.2 }, { metric: 0.4 }, { metric: 0.46 }]),
  ]);
  near(signs.lastGain!.mean, 0.04);
  near(signs.lastGain!.high, 0.04 + 12.706204736174707 * 0.02); // t(0.975; 1) times the standard error of 0.02 and 0.06
  assert.equal(signs.lastBatch, 20);
  near(signs.gainPerLabel, 0.002);
});

test("agreement is the last cycle's, and its mean over three cycles when there are three", () => {
  const three = [{}, { agreement: 0.8 }, { agreement: 0.9 }, { agreement: 1 }];
  const signs = stoppingSigns([seed(1, three)]);
  near(signs.agreement!.mean, 1);
  near(signs.agreementOverThree!.mean, 0.9);
  const two = stoppingSigns([seed(1, three.slice(0, 3))]);
  near(two.agreement!.mean, 0.9);
  assert.equal(two.agreementOverThree, null);
});

test("pool entropy is the first and the last that is known; the last cycle has none", () => {
  const entropies = [1, 0.8, 0.5].map((mean) => ({ poolEntropy: { mean, items: 10 } }));
  const { poolEntropy } = stoppingSigns([seed(1, [...entropies, {}])]);
  assert.deepEqual([poolEntropy!.first.mean, poolEntropy!.last.mean], [1, 0.5]);
});

test("what one seed does not know is not told, and one cycle tells nothing", () => {
  const known = [{ poolEntropy: { mean: 1, items: 5 } }, { agreement: 0.5 }];
  const mixed = stoppingSigns([seed(1, known), seed(2, [{}, {}])]);
  assert.deepEqual([mixed.agreement, mixed.poolEntropy], [null, null]);
  const nothing = { lastGain: null, lastBatch: null, gainPerLabel: null, agreement: null, agreementOverThree: null };
  assert.deepEqual(stoppingSigns([seed(1, [{}])]), { ...nothing, poolEntropy: null });
});
