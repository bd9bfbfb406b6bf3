// What everything else is made of: errors, item ids, seeded random streams, signals, statistics.

export { type Affine, followedBy, inverse, moved } from "./affine.ts";
export { cohensKappa } from "./agreement.ts";
export { type Bounds, percentileBounds, resample } from "./bootstrap.ts";
export { areaOf, type Corners, cornersOf, coverOf, overlapOf, resizeLabel, sharedArea } from "./boxes.ts";
export {
  type Drawing,
  type DrawnBox,
  type DrawnJoint,
  type DrawnPerson,
  drawnLabel,
  drawnPerson,
  drawnPose,
} from "./drawing.ts";
export { ForelossError, InterruptedError, stopIfAborted, UsageError } from "./errors.ts";
export { firstNotFinite } from "./finite.ts";
export type { ItemId, LabelledItem } from "./item.ts";
export {
  type Box,
  type DetectionLabel,
  isKnown,
  type Joint,
  type ObjectLabel,
  type PixelSize,
  type PoseLabel,
  type Visibility,
} from "./labels.ts";
export { boxFromCentre, cropBack, cropMargin, cropOf, moveJoints } from "./person-crop.ts";
export { createRandom, permutation, type Random, sampleWithoutReplacement } from "./random.ts";
export {
  type FactorPair,
  learnerSignals,
  type Matrix,
  type MemberMatrix,
  type PoolSignal,
  type ScalarSignal,
  type Signal,
  type Signals,
  scalarSignals,
  type VectorSignal,
} from "./signals.ts";
export { type Skeleton, skeletonOf } from "./skeleton.ts";
export {
  averageRanks,
  type Interval,
  mean,
  pairedTTest,
  rankCorrelation,
  rankingAccuracy,
  sampleDeviation,
  studentInterval,
  trapezoidArea,
} from "./statistics.ts";
export { didYouMean, nearest } from "./suggest.ts";
