// An articulated figure that faces the viewer: where its joints are, from a few lengths and angles, and its limbs as shapes.
import type { Joint } from "../../core/labels.ts";
import type { Colour } from "./scene.ts";
import { type Outline, type Point, placeObject, type SceneObject } from "./scene.ts";

/** In the order of the Leeds Sports Pose joints. Left and right are the figure's own. */
export const figureJointNames = [
  ...["right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle"],
  ...["right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist", "neck", "head_top"],
] as const;

/** Pairs of joints that a limb joins; the last one is the head. */
export const figureBones = [
  ...[
    [0, 1],
    [1, 2],
    [3, 4],
    [4, 5],
    [6, 7],
    [7, 8],
    [9, 10],
    [10, 11],
  ],
  ...[
    [8, 9],
    [2, 3],
    [2, 8],
    [3, 9],
    [12, 13],
  ],
] as [number, number][];

/** Angles in radians. Of a limb from straight down, outwards positive; of a lower one from the upper one on. */
export interface FigurePose {
  /** Of the whole figure, clockwise from upright. */
  readonly turn: number;
  readonly shoulders: readonly [right: number, left: number];
  readonly elbows: readonly [right: number, left: number];
  readonly hips: readonly [right: number, left: number];
  readonly knees: readonly [right: number, left: number];
}

/** Lengths in parts of the standing figure's height. */
const torso = 0.3;
const head = 0.17;
const shoulderHalf = 0.1;
const hipHalf = 0.065;
const upperArm = 0.17;
const forearm = 0.16;
const thigh = 0.24;
const shin = 0.24;

/** Places of the joints of a figure of height 1 around the middle of its hips. */
export function figureJoints({ turn, shoulders, elbows, hips, knees }: FigurePose): Point[] {
  const neck = { x: 0, y: -torso };
  const limb = (from: Point, side: number, first: number, second: number, lengths: readonly [number, number]) => {
    const middle = along(from, side * first, lengths[0]);
    return [middle, along(middle, side * (first + second), lengths[1])] as const;
  };
  // The figure's right is the picture's left.
  const [right, left] = [-1, 1].map((side, i) => {
    const shoulder = { x: side * shoulderHalf, y: -torso };
    const hip = { x: side * hipHalf, y: 0 };
    const [elbow, wrist] = limb(shoulder, side, shoulders[i]!, elbows[i]!, [upperArm, forearm]);
    const [knee, ankle] = limb(hip, side, hips[i]!, knees[i]!, [thigh, shin]);
    return { shoulder, elbow, wrist, hip, knee, ankle };
  }) as [Side, Side];
  const upright = [
    ...[right.ankle, right.knee, right.hip, left.hip, left.knee, left.ankle],
    ...[right.wrist, right.elbow, right.shoulder, left.shoulder, left.elbow, left.wrist],
    ...[neck, { x: 0, y: -torso - head }],
  ];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return upright.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

type Side = Readonly<Record<"shoulder" | "elbow" | "wrist" | "hip" | "knee" | "ankle", Point>>;

function along({ x, y }: Point, angle: number, length: number): Point {
  return { x: x + length * Math.sin(angle), y: y + length * Math.cos(angle) };
}

/** The limbs and the head as shapes; `thicknessPx` is half a limb's width. */
export function figureShapes(joints: readonly Point[], thicknessPx: number, colour: Colour): SceneObject[] {
  return figureBones.map(([from, to], bone) => {
    const [a, b] = [joints[from]!, joints[to]!];
    const isHead = bone === figureBones.length - 1;
    const half = Math.hypot(b.x - a.x, b.y - a.y) / 2;
    const shape = isHead ? capsule(half * 0.15, half * 0.8) : capsule(half, thicknessPx);
    return placeObject(shape, {
      classIndex: 0,
      centre: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      scalePx: 1,
      rotation: Math.atan2(b.y - a.y, b.x - a.x),
      colour,
    });
  });
}

const capCorners = 6;

/** A bar along x with round ends. */
function capsule(half: number, radius: number): Outline {
  const cap = (centre: number, from: number) =>
    Array.from({ length: capCorners }, (_, i): Point => {
      const angle = from + (Math.PI * i) / (capCorners - 1);
      return { x: centre + radius * Math.cos(angle), y: radius * Math.sin(angle) };
    });
  return [[...cap(half, -Math.PI / 2), ...cap(-half, Math.PI / 2)]];
}

/** A joint is hidden where something painted later covers it. */
export function jointsSeen(joints: readonly Point[], covers: readonly SceneObject[]): Joint[] {
  return joints.map((point) => {
    const isHidden = covers.some(({ outline }) => contains(outline, point));
    return { ...point, visibility: isHidden ? 1 : 2 };
  });
}

/** Whether a point lies inside an odd number of the polygons. */
function contains(outline: Outline, { x, y }: Point): boolean {
  let inside = false;
  for (const polygon of outline) {
    for (const [i, a] of polygon.entries()) {
      const b = polygon[(i + 1) % polygon.length]!;
      if (a.y <= y !== b.y <= y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
    }
  }
  return inside;
}
