// How well detections hit the objects of labelled pictures, by every rule that is in use.
import type { DetectionLabel } from "../../core/labels.ts";
import { casesByClass } from "./class-cases.ts";
import { type CocoScore, cocoScore } from "./coco-ap.ts";
import type { Detections } from "./detections.ts";
import { type VocRule, type VocScore, vocScore } from "./voc-ap.ts";

export interface DetectionScores {
  /** mAP at overlap 0.5, 11 points (PASCAL VOC 2007). */
  readonly voc07: VocScore;
  /** mAP at overlap 0.5, all points (PASCAL VOC from 2010). */
  readonly voc: VocScore;
  readonly coco: CocoScore;
}

/**
 * All scores of the detections (in pixels of their picture, any order) of pictures with these labels; `classes` is how
 * many classes there are. Pictures without objects belong in: what is seen there is wrong. Counts that do not fit, unknown
 * classes and figures that are not finite are errors that name the picture.
 */
export function evaluateDetections(
  detections: readonly Detections[],
  labels: readonly DetectionLabel[],
  classes: number,
): DetectionScores {
  const cases = casesByClass(detections, labels, classes);
  return { voc07: vocScore(cases, "voc07"), voc: vocScore(cases, "voc"), coco: cocoScore(cases) };
}

/** The mean average precision at overlap 0.5 alone, as `evaluateDetections` gives it. */
export function meanAveragePrecision(
  detections: readonly Detections[],
  labels: readonly DetectionLabel[],
  classes: number,
  rule: VocRule,
): number {
  return vocScore(casesByClass(detections, labels, classes), rule).meanAp;
}
