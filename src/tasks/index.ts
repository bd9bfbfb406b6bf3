// The tasks: what a model's outputs and an item's label mean.
export { type ClassificationOptions, classificationTask } from "./classification/task.ts";
export { type BoxPooling, boxUncertainty } from "./detection/box-uncertainty.ts";
export type { CocoScore } from "./detection/coco-ap.ts";
export {
  type DecodedPicture,
  type DecodeOptions,
  type DetectionOutputs,
  decodeDetections,
  ssdDecoding,
} from "./detection/decode.ts";
export { type Detections, inPixels } from "./detection/detections.ts";
export { type DetectionScores, evaluateDetections, meanAveragePrecision } from "./detection/evaluate.ts";
export {
  createPriors,
  type PriorMap,
  priorsPerCell,
  type SpacedMaps,
  spacedMaps,
  ssd300Maps,
  ssd300SidePx,
} from "./detection/priors.ts";
export { nonMaximumSuppression } from "./detection/suppression.ts";
export { type DetectionTargets, detectionTargets, type MatchOptions } from "./detection/targets.ts";
export type { VocRule, VocScore } from "./detection/voc-ap.ts";
export {
  type KeypointPrecision,
  keypointPrecision,
  type PersonDetection,
  type PersonTruth,
} from "./pose/coco-keypoints-metric.ts";
export { decodePoses, inPicture, type PredictedJoint } from "./pose/decode.ts";
export { heatMapLoss, heatMapLosses, type PoseTargets } from "./pose/heat-map-loss.ts";
export { type HeatMaps, mergeMirrored } from "./pose/heat-maps.ts";
export { jointSpreads, objectKeypointSimilarity } from "./pose/object-keypoint-similarity.ts";
export { headLength, lengthBetween, type Pck, pck } from "./pose/pck.ts";
export { poseTargets, type TargetOptions } from "./pose/targets.ts";
export { type PoseEntropy, poseUncertainty } from "./pose/uncertainty.ts";
export type { Forward, InferredOutputs, Task } from "./task.ts";
export { type DataFacts, taskFor } from "./task-for.ts";
