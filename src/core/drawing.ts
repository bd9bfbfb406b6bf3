// What can be drawn over a picture to show people what is in it, or what a model sees there. Places are shares of the
// picture's sides, so that it can be shown in any size.
import type { Box, DetectionLabel, PoseLabel } from "./labels.ts";
import { cropOf, moveJoints } from "./person-crop.ts";
import type { Skeleton } from "./skeleton.ts";

export interface DrawnBox extends Box {
  readonly classIndex: number;
  /** How sure a model is, 0..1; absent for what is known. */
  readonly score?: number;
}

export interface DrawnJoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Height of the joint's peak, about 1 where a model is sure; absent for what is known. */
  readonly score?: number;
}

/** A person over its crop. */
export interface DrawnPerson {
  readonly joints: readonly DrawnJoint[];
  /** Pairs of positions in `joints` that a line joins. */
  readonly bones: readonly (readonly [number, number])[];
}

export interface Drawing {
  readonly boxes: readonly DrawnBox[];
  readonly person?: DrawnPerson;
}

/** A label as a drawing. */
export function drawnLabel({ size: { width, height }, objects }: DetectionLabel): Drawing {
  const boxes = objects.map(({ classIndex, left, top, right, bottom }) => ({
    classIndex,
    left: left / width,
    top: top / height,
    right: right / width,
    bottom: bottom / height,
  }));
  return { boxes };
}

/** The labelled joints of a person and the bones between them, in shares of its crop. */
export function drawnPose({ joints, box }: PoseLabel, skeleton: Skeleton): Drawing {
  const places = moveJoints(joints, cropOf(box, 1));
  return drawnPerson(
    places.map(({ x, y, visibility }) => (visibility === 0 ? null : { x, y })),
    skeleton,
  );
}

/** A person with the joints that are there, in the order of the skeleton. */
export function drawnPerson(
  places: readonly (Omit<DrawnJoint, "name"> | null)[],
  { jointNames, bones }: Skeleton,
): Drawing {
  const present = [...places.keys()].filter((joint) => places[joint] !== null);
  const position = new Map(present.map((joint, at) => [joint, at]));
  return {
    boxes: [],
    person: {
      joints: present.map((joint) => ({ name: jointNames[joint]!, ...rounded(places[joint]!) })),
      bones: bones.flatMap(([from, to]): [number, number][] => {
        const ends = [position.get(from), position.get(to)] as const;
        return ends[0] === undefined || ends[1] === undefined ? [] : [[ends[0], ends[1]]];
      }),
    },
  };
}

/** To four digits: a drawing needs no more. */
function rounded({ x, y, score }: Omit<DrawnJoint, "name">): Omit<DrawnJoint, "name"> {
  const digits = (value: number) => Math.round(value * 1e4) / 1e4 + 0; // no -0
  return { x: digits(x), y: digits(y), ...(score === undefined ? {} : { score: digits(score) }) };
}
