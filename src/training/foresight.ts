// How well the loss prediction module foresees: its predictions held against the true losses of the test items.
import { rankCorrelation, rankingAccuracy } from "../core/statistics.ts";
import type { FitReport } from "../loop/learner.ts";
import type { Judged } from "./judge.ts";

/** Test items whose predicted and true losses are kept for the report's picture. */
const lossSampleSize = 500;

/** Figures over the test items; nulls without a module. */
export function foresight({
  predictedLosses: predicted,
  losses,
}: Judged): Pick<FitReport, "rankingAccuracy" | "rankCorrelation" | "lossSample"> {
  if (predicted === null) return { rankingAccuracy: null, rankCorrelation: null, lossSample: [] };
  const every = Math.max(1, Math.ceil(predicted.length / lossSampleSize));
  const sample = Array.from(predicted, (value, i) => [value, losses[i]!] as const).filter((_, i) => i % every === 0);
  return {
    rankingAccuracy: rankingAccuracy(predicted, losses),
    rankCorrelation: rankCorrelation(predicted, losses),
    lossSample: sample,
  };
}
