// Augmentation of persons: each crop is made larger or smaller, turned, mirrored and coloured anew, and its joints move by
// the same map, left and right swapped in a mirror. Pure: everything random comes from the stream that is given.
import { type Affine, followedBy, inverse } from "../core/affine.ts";
import type { PoseLabel } from "../core/labels.ts";
import { cropOf, moveJoints } from "../core/person-crop.ts";
import type { Random } from "../core/random.ts";
import { type Planes, warp } from "./warp.ts";

export interface PoseAugmentation {
  /** Size changes by a normal factor around 1 of this deviation, cut off at one deviation; 0.25 is customary. */
  readonly scale: number;
  /** With probability 0.6 the crop turns by a normal angle of this deviation in degrees, cut off at two; 30 is customary. */
  readonly rotationDegrees: number;
  /** Mirror left to right with probability 1/2. */
  readonly flip: boolean;
  /** Each colour channel is multiplied by a number within 1 - colour to 1 + colour; 0.2 is customary. */
  readonly colour: number;
}

export interface PersonCrops {
  /** Side of the crops. */
  readonly sidePx: number;
  /** For each joint the one it becomes in a mirror (`Skeleton.mirrorOf`). */
  readonly mirrorOf: readonly number[];
}

const rotationProbability = 0.6;

/**
 * Writes the augmented crops of `from` into `into`, both [persons, 3, sidePx, sidePx] bytes, and gives the labels that belong
 * to them. A label's box stays as it was, so its crop does: a joint's new place is where `cropOf(box)` sees it now.
 */
export function augmentPoses(
  from: Uint8Array,
  into: Uint8Array,
  labels: readonly PoseLabel[],
  { sidePx, mirrorOf }: PersonCrops,
  augmentation: PoseAugmentation,
  random: Random,
): PoseLabel[] {
  const cropBytes = 3 * sidePx * sidePx;
  if (from.length !== labels.length * cropBytes || into.length !== from.length) {
    throw new RangeError(
      `augmentPoses: ${from.length} bytes into ${into.length} for ${labels.length} crops of ${cropBytes}`,
    );
  }
  return labels.map((label, person) => {
    const { map, mirrored } = drawMap(augmentation, sidePx, random);
    const [source, outcome] = [from, into].map((bytes) => ({
      bytes: bytes.subarray(person * cropBytes, (person + 1) * cropBytes),
      width: sidePx,
      height: sidePx,
    })) as [Planes, Planes];
    warp(source, outcome, inverse(map));
    if (augmentation.colour > 0) recolour(outcome.bytes, augmentation.colour, random);
    return moveLabel(label, map, mirrored ? mirrorOf : undefined, sidePx);
  });
}

/** A map of the crop onto itself, around its middle. */
function drawMap(
  { scale, rotationDegrees, flip }: PoseAugmentation,
  sidePx: number,
  random: Random,
): { map: Affine; mirrored: boolean } {
  const mirrored = flip && random.next() < 0.5;
  const factor = 1 + scale * cutOff(random.normal(), 1);
  const degrees = random.next() < rotationProbability ? rotationDegrees * cutOff(random.normal(), 2) : 0;
  const cos = factor * Math.cos((degrees * Math.PI) / 180);
  const sin = factor * Math.sin((degrees * Math.PI) / 180);
  const half = sidePx / 2;
  const turned = { a: cos, b: -sin, c: half * (1 - cos + sin), d: sin, e: cos, f: half * (1 - sin - cos) };
  return { map: mirrored ? followedBy(mirror(sidePx), turned) : turned, mirrored };
}

function mirror(sidePx: number): Affine {
  return { a: -1, b: 0, c: sidePx, d: 0, e: 1, f: 0 };
}

function cutOff(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}

/** The label with its joints where the crop's map brings them, in picture pixels. */
function moveLabel(label: PoseLabel, map: Affine, mirrorOf: readonly number[] | undefined, sidePx: number): PoseLabel {
  const crop = cropOf(label.box, sidePx);
  const inPicture = followedBy(followedBy(crop, map), inverse(crop));
  const joints = mirrorOf === undefined ? label.joints : mirrorOf.map((joint) => label.joints[joint]!);
  return { ...label, joints: moveJoints(joints, inPicture) };
}

function recolour(crop: Uint8Array, colour: number, random: Random): void {
  const area = crop.length / 3;
  for (let c = 0; c < 3; c++) {
    const factor = 1 + colour * (2 * random.next() - 1);
    for (let i = c * area; i < (c + 1) * area; i++) crop[i] = Math.min(255, crop[i]! * factor + 0.5);
  }
}
