// PCK, the percentage of correct keypoints: the share of labelled joints found within a part of a length of the person: half
// the head (PCKh@0.5, Andriluka et al. 2014), a fifth of the torso (PCK@0.2), a tenth of the box (Yang & Ramanan 2013).
import type { Joint, PoseLabel } from "../../core/labels.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface PckOptions {
  /** Length of a person in pixels; a person without one (null or 0) is left out. */
  readonly reference: (label: PoseLabel) => number | null;
  /** Part of the length that a joint may be off by, itself included. */
  readonly part: number;
  /** Positions of the joints that count; all when left out. MPII leaves out pelvis and thorax. */
  readonly joints?: readonly number[] | undefined;
}

export interface Pck {
  /** Of all counted joints together, 0 to 1; NaN without any. */
  readonly share: number;
  /** Of each joint; NaN where none counted. */
  readonly perJoint: readonly number[];
  /** Persons with a length and a labelled joint. */
  readonly persons: number;
}

export const headLength = (label: PoseLabel): number | null => label.headPx;

/** Distance of two joints, null where one has no label: left shoulder to right hip is the torso. */
export function lengthBetween(first: number, second: number): (label: PoseLabel) => number | null {
  return ({ joints }) => {
    const [a, b] = [joints[first], joints[second]];
    return a === undefined || b === undefined || a.visibility === 0 || b.visibility === 0 ? null : distance(a, b);
  };
}

/** Predicted joints and labels go by person and then by joint. */
export function pck(
  predicted: readonly (readonly Place[])[],
  labels: readonly PoseLabel[],
  { reference, part, joints }: PckOptions,
): Pck {
  const count = labels[0]?.joints.length ?? 0;
  const counted = Array.from({ length: count }, (_, j) => joints === undefined || joints.includes(j));
  const right = new Array<number>(count).fill(0);
  const all = new Array<number>(count).fill(0);
  let persons = 0;
  labels.forEach((label, person) => {
    const length = reference(label);
    if (length === null || !(length > 0)) return;
    const labelled = label.joints.flatMap((joint, j) => (joint.visibility > 0 && counted[j] ? [j] : []));
    if (labelled.length > 0) persons++;
    for (const j of labelled) {
      all[j]!++;
      if (distance(predicted[person]![j]!, label.joints[j]!) <= part * length) right[j]!++;
    }
  });
  return { share: total(right) / total(all), perJoint: right.map((n, j) => n / all[j]!), persons };
}

function distance(a: Place | Joint, b: Place | Joint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0);
}
