// Object keypoint similarity (OKS), the measure that COCO compares poses by: like an overlap, 1 for a perfect pose and 0 for
// one far off. Each joint has a spread of its own: hips are harder to place than eyes.
import { ForelossError } from "../../core/errors.ts";
import type { Box, Joint } from "../../core/labels.ts";
import { didYouMean } from "../../core/suggest.ts";

/**
 * Spread of a joint's place among people who label it, as a part of the root of the person's area (COCO's evaluation). COCO
 * has no neck, head top, thorax or pelvis: the first three have the shoulders' spread here (as in CrowdPose), the last the hips'.
 */
const spreads: Readonly<Record<string, number>> = {
  nose: 0.026,
  eye: 0.025,
  ear: 0.035,
  shoulder: 0.079,
  elbow: 0.072,
  wrist: 0.062,
  hip: 0.107,
  knee: 0.087,
  ankle: 0.089,
  neck: 0.079,
  upper_neck: 0.079,
  head_top: 0.079,
  thorax: 0.079,
  pelvis: 0.107,
};

/** The spread of each joint by its name without the side. Throws a `ForelossError` for a name that is not known. */
export function jointSpreads(jointNames: readonly string[]): number[] {
  return jointNames.map((name) => {
    const joint = name.replace(/^(?:left|right)_/, "");
    const spread = spreads[joint];
    if (spread !== undefined) return spread;
    throw new ForelossError(`OKS: no spread is known for joint "${name}"${didYouMean(joint, Object.keys(spreads))}`, {
      hint: "Use COCO's joint names (left_knee, right_knee, ...), or measure PCK instead.",
    });
  });
}

export interface OksPerson {
  readonly joints: readonly Joint[];
  readonly box: Box;
  /** Of the person's outline; the box's where that is not known. */
  readonly areaPx: number;
}

/** Keeps a person of no area from a division by 0, as COCO's evaluation does. */
const leastArea = 2 ** -52;

/**
 * Similarity in [0, 1] of predicted joints and a person, over its labelled joints. A person without any is compared by how far
 * joints lie outside its box made three times as large, as COCO does to leave out what is found there.
 */
export function objectKeypointSimilarity(
  predicted: readonly { readonly x: number; readonly y: number }[],
  { joints, box, areaPx }: OksPerson,
  spreadOf: readonly number[],
): number {
  const labelled = [...joints.keys()].filter((j) => joints[j]!.visibility > 0);
  const counted = labelled.length > 0 ? labelled : [...joints.keys()];
  const similarities = counted.map((j) => {
    const { x, y } = predicted[j]!;
    const joint = joints[j]!;
    const dx = labelled.length > 0 ? x - joint.x : outside(x, box.left, box.right);
    const dy = labelled.length > 0 ? y - joint.y : outside(y, box.top, box.bottom);
    return Math.exp(-(dx * dx + dy * dy) / (2 * spreadOf[j]!) ** 2 / (areaPx + leastArea) / 2);
  });
  return similarities.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** How far `x` lies from the range made longer by its own length on both sides; 0 within. */
function outside(x: number, low: number, high: number): number {
  const length = high - low;
  return Math.max(0, low - length - x) + Math.max(0, x - high - length);
}
