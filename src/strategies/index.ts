// All query strategies by the names under which users type them.
import { ForelossError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { subsample } from "./combinations/subsample.ts";
import { coreSet } from "./diversity/core-set.ts";
import { facilityLocation } from "./diversity/facility-location.ts";
import { kMeansChoice, kMeansCosine } from "./diversity/k-means.ts";
import { typiClust } from "./diversity/typi-clust.ts";
import { maxHerding } from "./hybrid/herding.ts";
import { uherding, uherdingLearnedLoss, uherdingMargin } from "./hybrid/uherding.ts";
import { learnedLoss } from "./learned-loss/learned-loss.ts";
import { badge } from "./model-change/badge.ts";
import { expectedGradientLength } from "./model-change/expected-gradient-length.ts";
import { gradNorm } from "./model-change/grad-norm.ts";
import { random } from "./random.ts";
import type { Strategy } from "./strategy.ts";
import { trueLoss } from "./true-loss.ts";
import { bald } from "./uncertainty/bald.ts";
import { entropy } from "./uncertainty/entropy.ts";
import { leastConfidence } from "./uncertainty/least-confidence.ts";
import { margin } from "./uncertainty/margin.ts";
import { meanStd } from "./uncertainty/mean-std.ts";
import { variationRatios } from "./uncertainty/variation-ratios.ts";

export { subsample } from "./combinations/subsample.ts";
export { coreSet, farthestFirst, scoreByDistance } from "./diversity/core-set.ts";
export { facilityLocation } from "./diversity/facility-location.ts";
export { kMeansChoice, kMeansCosine } from "./diversity/k-means.ts";
export { typiClust } from "./diversity/typi-clust.ts";
export { maxHerding } from "./hybrid/herding.ts";
export { calibrationError, fitTemperature } from "./hybrid/temperature.ts";
export { uherding, uherdingLearnedLoss, uherdingMargin } from "./hybrid/uherding.ts";
export { learnedLoss, scoreByPredictedLoss } from "./learned-loss/learned-loss.ts";
export { badge, squaredGradientLengths } from "./model-change/badge.ts";
export { expectedGradientLength, scoreByExpectedGradientLength } from "./model-change/expected-gradient-length.ts";
export { gradNorm, scoreByGradNorm } from "./model-change/grad-norm.ts";
export { random } from "./random.ts";
export { highest, highestBy, type Scoring, scoreBy } from "./scores.ts";
export { orInstead, signalsFor } from "./signals/read.ts";
export { type Labelled, labelledSignals, type Pool, type Score, type Strategy } from "./strategy.ts";
export { scoreByTrueLoss, trueLoss } from "./true-loss.ts";
export { bald, scoreByBald } from "./uncertainty/bald.ts";
export { entropy, scoreByEntropy } from "./uncertainty/entropy.ts";
export { leastConfidence, scoreByLeastConfidence } from "./uncertainty/least-confidence.ts";
export { margin, scoreByMargin } from "./uncertainty/margin.ts";
export { meanStd, scoreByMeanStd } from "./uncertainty/mean-std.ts";
export { scoreByVariationRatios, variationRatios } from "./uncertainty/variation-ratios.ts";

/** Every strategy that stands for itself; `subsample(n, strategy)` wraps any of them. */
export const strategies: readonly Strategy[] = [
  random,
  entropy,
  margin,
  leastConfidence,
  bald,
  variationRatios,
  meanStd,
  coreSet,
  kMeansChoice,
  kMeansCosine,
  typiClust,
  facilityLocation,
  expectedGradientLength,
  gradNorm,
  badge,
  maxHerding,
  uherding,
  uherdingMargin,
  uherdingLearnedLoss,
  learnedLoss,
  trueLoss,
];

/**
 * The strategy written as `entropy` or `subsample(10000, learned-loss)`; underscores may group the digits.
 * Throws a `ForelossError` with the nearest right name when there is none.
 */
export function strategyNamed(name: string): Strategy {
  const written = name.trim();
  const found = strategies.find((strategy) => strategy.name === written);
  if (found !== undefined) return found;
  const head = written.split("(", 1)[0]!.trim();
  if (head === "subsample") return parseSubsample(written);
  const names = [...strategies.map((strategy) => strategy.name), "subsample"];
  throw new ForelossError(`strategy "${written}" is unknown${didYouMean(head, names)}`);
}

function parseSubsample(written: string): Strategy {
  const parts = /^subsample\s*\(\s*([0-9_]+)\s*,(.+)\)$/.exec(written);
  if (parts === null) {
    throw new ForelossError(
      `strategy "${written}": a number of items and a strategy are needed in the brackets; write, for example, "subsample(10000, learned-loss)"`,
    );
  }
  return subsample(Number(parts[1]!.replaceAll("_", "")), strategyNamed(parts[2]!));
}
