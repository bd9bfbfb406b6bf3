// Composes scenes of several objects with boxes. The easy mode is what most training pictures show; each hard one makes one
// thing difficult, and one class is hardly seen outside its own mode, so that what one labels matters.
import type { Box } from "../../core/labels.ts";
import type { Random } from "../../core/random.ts";
import type { Background, Scene, SceneObject } from "./scene.ts";
import {
  drawBackground,
  drawBar,
  drawFragment,
  drawObject,
  type Look,
  middle,
  type Range,
  within,
} from "./scene-parts.ts";
import { classNames as shapeNames } from "./shapes.ts";

/** Class names in the order of the class indices; the last one is the rare one. */
export const boxClassNames = ["disc", "square", "triangle", "star", "cross"] as const;
const rareClass = boxClassNames.length - 1;

/** How the pictures of a mode are drawn; lengths are those of a picture of 64 pixels. */
interface BoxMode extends Look {
  readonly objects: Range;
  /** Largest share of the smaller of two boxes that the other may cover. */
  readonly overlap: number;
  readonly clutter: Range;
  /** Width of the bar that hides a part of each object, in units of its scale. */
  readonly hidden?: Range;
  /** Whether one of the objects is of the rare class. */
  readonly rare?: boolean;
}

const easy: BoxMode = {
  scalePx: [8.5, 12],
  contrast: [80, 130],
  distance: [0.42, 0.5],
  objects: [1, 2],
  overlap: 0,
  clutter: [0, 2],
};

const modes = {
  easy,
  small: { ...easy, scalePx: [4, 5.5], objects: [2, 4] },
  occluded: { ...easy, hidden: [0.3, 0.5] },
  crowded: { ...easy, scalePx: [6.5, 9], objects: [5, 7], overlap: 0.35 },
  "rare-class": { ...easy, rare: true },
} satisfies Record<string, BoxMode>;

export type BoxModeName = keyof typeof modes;

/** Names of the modes, the easy one first. */
export const boxModeNames = Object.keys(modes) as readonly BoxModeName[];

const usualSidePx = 64;
/** Places tried for an object before the picture is taken to be full. */
const mostTries = 60;

/** A scene in the mode. `firstClass` is the class of its first object (in the rare mode the rare one is); others are drawn. */
export function composeBoxes(firstClass: number, modeName: BoxModeName, sidePx: number, random: Random): Scene {
  const mode = enlarged(modes[modeName], sidePx / usualSidePx);
  const background = drawBackground(random);
  const wanted = mode.objects[0] + random.integer(mode.objects[1] - mode.objects[0] + 1);
  const placed: SceneObject[] = [];
  for (let i = 0; i < wanted; i++) {
    const classIndex = i > 0 ? random.integer(rareClass) : mode.rare ? rareClass : firstClass;
    const object = findPlace(classIndex, mode, { background, placed, sidePx }, random);
    if (object !== undefined) placed.push(object);
  }
  const behind = middle(background);
  const clutter = Array.from({ length: Math.round(within(mode.clutter, random)) }, () =>
    drawFragment(behind, sidePx, random),
  );
  const { hidden } = mode;
  const bars = hidden === undefined ? [] : placed.map((object) => drawBar(object, within(hidden, random), random));
  return { sidePx, background, objects: [...clutter, ...placed, ...bars], noise: within([5, 15], random) };
}

/** Classes that a first object may have in common modes. */
export const commonClasses = rareClass;

function enlarged(mode: BoxMode, by: number): BoxMode {
  return { ...mode, scalePx: [mode.scalePx[0] * by, mode.scalePx[1] * by] };
}

/** The object at a place where it covers the others no more than the mode allows; undefined when none is found. */
function findPlace(
  classIndex: number,
  mode: BoxMode,
  { background, placed, sidePx }: { background: Background; placed: readonly SceneObject[]; sidePx: number },
  random: Random,
): SceneObject | undefined {
  const shape = shapeNames.indexOf(boxClassNames[classIndex]!);
  for (let tries = 0; tries < mostTries; tries++) {
    const object = { ...drawObject(shape, mode, middle(background), sidePx, random), classIndex };
    if (placed.every((other) => coveredShare(object.box, other.box) <= mode.overlap)) return object;
  }
  return undefined;
}

/** Share of the smaller box that lies in the other. */
function coveredShare(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(area(a), area(b));
}

function area({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}
