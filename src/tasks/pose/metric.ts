// The metrics that a recipe can name, from persons' joints in their pictures to one number.
import type { PoseLabel } from "../../core/labels.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import { keypointPrecision } from "./coco-keypoints-metric.ts";
import type { PredictedJoint } from "./decode.ts";
import { jointSpreads } from "./object-keypoint-similarity.ts";
import { headLength, lengthBetween, type PckOptions, pck } from "./pck.ts";

/** Half of the head (MPII's measure), a fifth of the torso (that of the Leeds Sports Pose), or COCO's average precision. */
export type PoseMetric = "PCKh@0.5" | "PCK@0.2" | "OKS AP";

/** [0, 1], or NaN when nothing counts. */
type Measure = (predicted: readonly (readonly PredictedJoint[])[], labels: readonly PoseLabel[]) => number;

/** Throws a `ForelossError` for joints that OKS does not know. */
export function poseMetric(metric: PoseMetric, skeleton: Skeleton): Measure {
  if (metric === "OKS AP") return oksPrecision(jointSpreads(skeleton.jointNames));
  const counted = countedJoints(metric, skeleton);
  return (predicted, labels) => pck(predicted, labels, counted).share;
}

/** MPII's measure leaves out pelvis and thorax, which are no joints that people point at. */
function countedJoints(metric: Exclude<PoseMetric, "OKS AP">, { jointNames }: Skeleton): PckOptions {
  const all = [...jointNames.keys()];
  if (metric === "PCKh@0.5") {
    const joints = all.filter((joint) => !["pelvis", "thorax"].includes(jointNames[joint]!));
    return { reference: headLength, part: 0.5, joints };
  }
  const torso = ["left_shoulder", "right_hip"].map((name) => jointNames.indexOf(name)) as [number, number];
  return { reference: lengthBetween(...torso), part: 0.2, joints: all };
}

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
