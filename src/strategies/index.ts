// All query strategies by the names under which users type them.
import { ForelossError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { combinationNames, parseCombination } from "./combinations/parse.ts";
import { coreSet } from "./diversity/core-set.ts";
import { facilityLocation } from "./diversity/facility-location.ts";
import { kMeansChoice, kMeansCosine } from "./diversity/k-means.ts";
import { probCover } from "./diversity/prob-cover.ts";
import { typiClust } from "./diversity/typi-clust.ts";
import { dropQuery } from "./hybrid/drop-query.ts";
import { maxHerding } from "./hybrid/herding.ts";
import { tcm } from "./hybrid/tcm.ts";
import { uherding, uherdingLearnedLoss, uherdingMargin } from "./hybrid/uherding.ts";
import { learnedLoss } from "./learned-loss/learned-loss.ts";
import { learnedLossClusters } from "./learned-loss/learned-loss-clusters.ts";
import { learnedLossSeeding } from "./learned-loss/learned-loss-seeding.ts";
import { badge } from "./model-change/badge.ts";
import { bait } from "./model-change/bait.ts";
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

export { classBalanced } from "./combinations/class-balanced.ts";
export { costAware } from "./combinations/cost-aware.ts";
export { onePerGroup } from "./combinations/one-per-group.ts";
export { chancesInTurn, power, type Schedule, sharpnessFor } from "./combinations/power.ts";
export { type Part, rankSum } from "./combinations/rank-sum.ts";
export { subsample } from "./combinations/subsample.ts";
export { isRandomPick, withRandom } from "./combinations/with-random.ts";
export { withinTop } from "./combinations/within-top.ts";
export { coreSet, farthestFirst, scoreByDistance } from "./diversity/core-set.ts";
export { coreSetInParts } from "./diversity/core-set-in-parts.ts";
export { facilityLocation } from "./diversity/facility-location.ts";
export { kMeansChoice, kMeansCosine } from "./diversity/k-means.ts";
export { probCover } from "./diversity/prob-cover.ts";
export { typiClust } from "./diversity/typi-clust.ts";
export { dropQuery, scoreByDisagreement } from "./hybrid/drop-query.ts";
export { maxHerding } from "./hybrid/herding.ts";
export { tcm } from "./hybrid/tcm.ts";
export { calibrationError, fitTemperature } from "./hybrid/temperature.ts";
export { uherding, uherdingLearnedLoss, uherdingMargin } from "./hybrid/uherding.ts";
export { rankShares } from "./kernels/rank-shares.ts";
export { learnedLoss, scoreByPredictedLoss } from "./learned-loss/learned-loss.ts";
export { learnedLossClusters } from "./learned-loss/learned-loss-clusters.ts";
export { learnedLossSeeding } from "./learned-loss/learned-loss-seeding.ts";
export { badge, squaredGradientLengths } from "./model-change/badge.ts";
export { bait } from "./model-change/bait.ts";
export { expectedGradientLength, scoreByExpectedGradientLength } from "./model-change/expected-gradient-length.ts";
export { gradNorm, scoreByGradNorm } from "./model-change/grad-norm.ts";
export { random } from "./random.ts";
export { highest, highestBy, type Scoring, scoreBy } from "./scores.ts";
export { partOf } from "./signals/part.ts";
export { orInstead, readPool, signalsFor } from "./signals/read.ts";
export {
  type Labelled,
  labelledSignals,
  type Pool,
  type Score,
  type SelectInParts,
  type Strategy,
} from "./strategy.ts";
export { type TopScores, topScores } from "./top-scores.ts";
export { scoreByTrueLoss, trueLoss } from "./true-loss.ts";
export { bald, scoreByBald } from "./uncertainty/bald.ts";
export { entropy, scoreByEntropy } from "./uncertainty/entropy.ts";
export { leastConfidence, scoreByLeastConfidence } from "./uncertainty/least-confidence.ts";
export { margin, scoreByMargin } from "./uncertainty/margin.ts";
export { meanStd, scoreByMeanStd } from "./uncertainty/mean-std.ts";
export { scoreByVariationRatios, variationRatios } from "./uncertainty/variation-ratios.ts";

/** Every strategy that stands for itself, by family; those of `combinations/` go around any of them. */
export const strategies: readonly Strategy[] = [
  random,
  ...[entropy, margin, leastConfidence, bald, variationRatios, meanStd],
  ...[coreSet, kMeansChoice, kMeansCosine, typiClust, probCover(), facilityLocation],
  ...[expectedGradientLength, gradNorm, badge, bait],
  ...[maxHerding, uherding, uherdingMargin, tcm(), dropQuery],
  ...[learnedLoss, learnedLossClusters, learnedLossSeeding, uherdingLearnedLoss],
  trueLoss,
];

/**
 * The strategy written as `entropy`, `tcm(200)` or `subsample(10000, learned-loss)`; underscores may group the digits.
 * Throws a `ForelossError` with the nearest right name when there is none.
 */
export function strategyNamed(name: string): Strategy {
  const written = name.trim();
  const found = strategies.find((strategy) => strategy.name === written) ?? parseCombination(written, strategyNamed);
  if (found !== null) return found;
  const names = [...strategies.map((strategy) => strategy.name), ...combinationNames];
  throw new ForelossError(`strategy "${written}" is unknown${didYouMean(written.split("(", 1)[0]!.trim(), names)}`);
}
