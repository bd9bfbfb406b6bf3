// How well the loss prediction module foresees: its predictions held against the true losses of the test items.
import { rankCorrelation, rankingAccuracy } from "../core/statistics.ts";
import type { FitReport } from "../loop/learner.ts";
import { type InferredPart, joinNumbers } from "./evaluation.ts";

/** Test items whose predicted and true losses are kept for the report's picture. */
const lossSampleSize = 500;

/** Figures over the test items, whose true losses are `losses`; nulls without a module. */
export function foresight(
  test: readonly InferredPart[],
  losses: Float32Array,
): Pick<FitReport, "rankingAccuracy" | "rankCorrelation" | "lossSample"> {
  if (test[0]?.outputs.predictedLoss === undefined)
    return { rankingAccuracy: null, rankCorrelation: null, lossSample: [] };
  const predicted = joinNumbers(test.map((part) => part.outputs.predictedLoss!.values as Float32Array));
  const every = Math.max(1, Math.ceil(predicted.length / lossSampleSize));
  const sample = Array.from(predicted, (value, i) => [value, losses[i]!] as const).filter((_, i) => i % every === 0);
  return {
    rankingAccuracy: rankingAccuracy(predicted, losses),
    rankCorrelation: rankCorrelation(predicted, losses),
    lossSample: sample,
  };
}
