// The metrics that a recipe can name, from persons' joints in their pictures to one number.
import { ForelossError } from "../../core/errors.ts";
import type { PoseLabel } from "../../core/labels.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import { keypointPrecision } from "./coco-keypoints-metric.ts";
import type { PredictedJoint } from "./decode.ts";
import { jointSpreads } from "./object-keypoint-similarity.ts";
import { headLength, lengthBetween, type PckOptions, pck } from "./pck.ts";

/**
 * Half of the head (MPII's measure), a fifth of the torso (that of the Leeds Sports Pose), a tenth of the box (for any joints;
 * Yang & Ramanan 2013), or COCO's average precision.
 */
export type PoseMetric = "PCKh@0.5" | "PCK@0.2" | "PCK@0.1 box" | "OKS AP";

/** [0, 1], or NaN when nothing counts. */
type Measure = (predicted: readonly (readonly PredictedJoint[])[], labels: readonly PoseLabel[]) => number;

/** `auto` is half of the head where the joints have one, else the torso's fifth, else a tenth of the box. */
export function metricFor(named: PoseMetric | "auto", skeleton: Skeleton): PoseMetric {
  if (named !== "auto") return named;
  const head = [positionOf(skeleton, "neck", "upper_neck"), positionOf(skeleton, "head_top")];
  if (head.every((joint) => joint >= 0)) return "PCKh@0.5";
  return torsoOf(skeleton) === undefined ? "PCK@0.1 box" : "PCK@0.2";
}

/** Throws a `ForelossError` for joints that the metric cannot do with. */
export function poseMetric(metric: PoseMetric, skeleton: Skeleton): Measure {
  if (metric === "OKS AP") return oksPrecision(jointSpreads(skeleton.jointNames));
  const counted = countedJoints(metric, skeleton);
  return (predicted, labels) => pck(predicted, labels, counted).share;
}

function countedJoints(metric: Exclude<PoseMetric, "OKS AP">, skeleton: Skeleton): PckOptions {
  if (metric === "PCK@0.1 box") return { reference: longerSide, part: 0.1 };
  if (metric === "PCKh@0.5") {
    // MPII's measure leaves out pelvis and thorax, which are no joints that people point at.
    const names = [...skeleton.jointNames.entries()].filter(([, name]) => !["pelvis", "thorax"].includes(name));
    return { reference: headLength, part: 0.5, joints: names.map(([joint]) => joint) };
  }
  const torso = torsoOf(skeleton);
  if (torso !== undefined) return { reference: lengthBetween(...torso), part: 0.2 };
  throw new ForelossError("model.metric: PCK@0.2 needs joints named left_shoulder and right_hip, the torso's ends", {
    hint: 'Leave it out, or take "PCK@0.1 box", which works with any joints.',
  });
}

function torsoOf(skeleton: Skeleton): [number, number] | undefined {
  const ends: [number, number] = [positionOf(skeleton, "left_shoulder"), positionOf(skeleton, "right_hip")];
  return ends.every((joint) => joint >= 0) ? ends : undefined;
}

function positionOf({ jointNames }: Skeleton, ...names: readonly string[]): number {
  return jointNames.findIndex((name) => names.includes(name));
}

const longerSide = ({ box }: PoseLabel): number => Math.max(box.right - box.left, box.bottom - box.top);

/**
 * Persons' places are given, so there is one detection per person, as sure as its joints are on average; it may still be
 * nearer to another person of the same picture. Where no outline's area is known, the box's counts.
 */
function oksPrecision(spreads: readonly number[]): Measure {
  return (predicted, labels) => {
    const persons = labels.map((label, i) => {
      const { box, joints, picture = `#${i}` } = label;
      const boxPx = (box.right - box.left) * (box.bottom - box.top);
      return { picture, box, joints, areaPx: label.areaPx ?? boxPx };
    });
    const detections = predicted.map((joints, i) => ({
      picture: persons[i]!.picture,
      joints,
      score: joints.reduce((sum, { score }) => sum + score, 0) / joints.length,
    }));
    return keypointPrecision(persons, detections, spreads).averagePrecision;
  };
}
