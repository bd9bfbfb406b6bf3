// UHerding with three kinds of uncertainty (Bae, Oliveira and Sutherland 2025): the margin of probabilities after
// temperature scaling, as in the paper; the margin as the task gives it, where there are no class probabilities; and the
// predicted loss, which is ours.

import { rankShares } from "../kernels/rank-shares.ts";
import { read, readPool } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";
import { uncertaintyHerding } from "./herding.ts";
import { fitTemperature, scaledMargins } from "./temperature.ts";

/**
 * The temperature is that at which the labelled items' probabilities are calibrated best, and 1 where the pool does not
 * tell their classes. Give it probabilities of labels the model was not trained on: on those it was, it looks too sure.
 */
export const uherding: Strategy = uncertaintyHerding("uherding", ["probabilities"], (pool) =>
  scaledMargins(readPool(pool, "probabilities"), temperatureFor(pool)),
);

export const uherdingMargin: Strategy = uncertaintyHerding("uherding-margin", ["margin"], (pool) =>
  Float64Array.from(readPool(pool, "margin")),
);

/** The loss counts by its rank alone, since only the order of predicted losses means anything. */
export const uherdingLearnedLoss: Strategy = uncertaintyHerding("uherding-learned-loss", ["predictedLoss"], (pool) =>
  rankShares(readPool(pool, "predictedLoss")),
);

function temperatureFor({ labelled }: Pool): number {
  if (labelled.classes === undefined || labelled.ids.length === 0) return 1;
  return fitTemperature(read(labelled.signals, "probabilities", labelled.ids), labelled.classes);
}
