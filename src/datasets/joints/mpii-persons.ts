// What all forms of the MPII annotations share: sixteen joints, and for every person a rough place and a height, from which
// its box follows. They count pixels from 1, as MATLAB does.
import type { Box, Joint } from "../../core/labels.ts";
import { boxFromCentre } from "../../core/person-crop.ts";
import { noJoint } from "./labelled-person.ts";

export const mpiiJointNames = [
  ...["right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "pelvis", "thorax"],
  ...["upper_neck", "head_top", "right_wrist", "right_elbow", "right_shoulder"],
  ...["left_shoulder", "left_elbow", "left_wrist"],
];

export const mpiiBones = [
  ...[
    [0, 1],
    [1, 2],
    [2, 6],
    [3, 6],
    [3, 4],
    [4, 5],
    [6, 7],
    [7, 8],
    [8, 9],
  ],
  ...[
    [10, 11],
    [11, 12],
    [12, 7],
    [13, 7],
    [13, 14],
    [14, 15],
  ],
] as [number, number][];

/** Height that a person of scale 1 has. */
const unitHeightPx = 200;
/** The place given lies a little above the middle of the body (Newell et al. 2016 move it down by this, times the scale). */
const downPx = 15;

export function mpiiBox(place: { readonly x: number; readonly y: number }, scale: number): Box {
  return boxFromCentre({ x: place.x - 1, y: place.y - 1 + downPx * scale }, unitHeightPx * scale);
}

/** A joint that is not labelled has no place: 0 or less in both coordinates. */
export function mpiiJoint(x: number, y: number, visible: boolean): Joint {
  return x <= 0 && y <= 0 ? noJoint : { x: x - 1, y: y - 1, visibility: visible ? 2 : 1 };
}
