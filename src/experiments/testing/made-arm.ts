// For tests: arms with the metrics that a test names, everything else as plain as can be.
import type { ArmResult, CycleRecord } from "../../records/results.ts";

export function madeCycle(number: number, labels: number, metric: number): CycleRecord {
  return {
    cycle: number,
    labels,
    metric,
    trainMetric: 1 - number / 100,
    testLoss: 1,
    rankingAccuracy: null,
    rankCorrelation: null,
    lossSample: [],
    steps: 10,
    trainSeconds: 4,
    scoreSeconds: 1,
    picks: [],
  };
}

/** An arm with 100, 200, ... labels and one list of metrics per seed, seeds 1, 2, ... */
export function madeArm(
  name: string,
  curves: readonly (readonly number[])[],
  fields: Partial<ArmResult> = {},
): ArmResult {
  const seeds = curves.map((metrics, s) => ({
    seed: s + 1,
    cycles: metrics.map((metric, c) => madeCycle(c, 100 * (c + 1), metric)),
  }));
  return { name, strategy: name, lossPrediction: "none", start: "cold", seeds, ...fields };
}
