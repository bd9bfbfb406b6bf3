// The classes of the made-up data: four families of two. Within a family one number, `morph`, leads from the first class
// (0) to the second (1); the border lies at 0.5. Far from the border the two are told apart at a glance, near it they
// are look-alikes.
import type { Outline, Point } from "./scene.ts";

interface Family {
  readonly classNames: readonly [string, string];
  /** Outline around 0, about one unit in radius, for a morph in [0, 1]. */
  readonly outline: (morph: number) => Outline;
}

const families: readonly Family[] = [
  { classNames: ["disc", "ring"], outline: (morph) => [regular(28, 0.9), regular(20, 0.62 * morph)] },
  { classNames: ["square", "cross"], outline: (morph) => [cross(0.82, 0.82 * (1 - 0.7 * morph))] },
  { classNames: ["triangle", "chevron"], outline: (morph) => [chevron(1.05 * morph)] },
  { classNames: ["pentagon", "star"], outline: (morph) => [star(5, 1, 0.81 - 0.45 * morph)] },
];

/** Class names, in the order of the class indices. */
export const classNames: readonly string[] = families.flatMap((family) => family.classNames);

/**
 * Outline of a class. `distance` in [0, 0.5] says how far it stays from the border to the other class of its family.
 */
export function classOutline(classIndex: number, distance: number): Outline {
  const family = families[classIndex >> 1];
  if (family === undefined) throw new RangeError(`class ${classIndex} of ${classNames.length}`);
  return family.outline(classIndex % 2 === 0 ? 0.5 - distance : 0.5 + distance);
}

/** A rectangle around 0. */
export function rectangle(halfWidth: number, halfHeight: number): Outline {
  return [
    [
      { x: -halfWidth, y: -halfHeight },
      { x: halfWidth, y: -halfHeight },
      { x: halfWidth, y: halfHeight },
      { x: -halfWidth, y: halfHeight },
    ],
  ];
}

function regular(corners: number, radius: number): Point[] {
  return Array.from({ length: corners }, (_, i) => onCircle(i / corners, radius));
}

/** A plus sign; `arm` is half the width of its arms and makes a square when it equals `half`. */
function cross(half: number, arm: number): Point[] {
  const quarter: Point[] = [
    { x: arm, y: -half },
    { x: arm, y: -arm },
    { x: half, y: -arm },
  ];
  return [0, 1, 2, 3].flatMap((turns) => quarter.map((point) => quarterTurns(point, turns)));
}

/** A triangle of three equal sides with a notch cut into its base. */
function chevron(notch: number): Point[] {
  return [onCircle(0, 1), onCircle(1 / 3, 1), { x: 0, y: 0.5 - notch }, onCircle(2 / 3, 1)];
}

function star(points: number, outer: number, inner: number): Point[] {
  return Array.from({ length: 2 * points }, (_, i) => onCircle(i / (2 * points), i % 2 === 0 ? outer : inner));
}

/** `turn` of 0 is straight up, and grows clockwise. */
function onCircle(turn: number, radius: number): Point {
  return { x: radius * Math.sin(2 * Math.PI * turn), y: -radius * Math.cos(2 * Math.PI * turn) };
}

function quarterTurns(point: Point, turns: number): Point {
  return turns === 0 ? point : quarterTurns({ x: -point.y, y: point.x }, turns - 1);
}
