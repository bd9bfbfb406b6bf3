// Composes a scene with one articulated figure. In the easy mode, which most training pictures show, it stands with its arms
// down; each hard mode has poses or a look that the easy one never shows, so that what one labels matters.
import type { Joint } from "../../core/labels.ts";
import type { Random } from "../../core/random.ts";
import { type FigurePose, figureJoints, figureShapes, jointsSeen } from "./figure.ts";
import type { Point, Scene, SceneObject } from "./scene.ts";
import { drawBackground, drawBar, drawFragment, lighter, middle, type Range, within } from "./scene-parts.ts";

export interface FigureScene extends Scene {
  /** In the order of `figureJointNames`, in picture pixels. */
  readonly joints: readonly Joint[];
}

/** Angles in radians, as `FigurePose` has them. */
interface FigureMode {
  readonly turn: Range;
  readonly shoulders: Range;
  readonly elbows: Range;
  readonly hips: Range;
  readonly knees: Range;
  /** Difference of figure and background colour, of 255 in the channel that differs most. */
  readonly contrast: Range;
  /** Width of a bar across the figure, in parts of its height. */
  readonly hidden?: Range;
}

const easy: FigureMode = {
  turn: [-0.2, 0.2],
  shoulders: [0.15, 0.9],
  elbows: [-0.5, 0.7],
  hips: [0, 0.4],
  knees: [-0.3, 0.1],
  contrast: [90, 130],
};

const modes = {
  easy,
  "raised-arms": { ...easy, shoulders: [1.7, 2.8], elbows: [-0.9, 0.9] },
  turned: { ...easy, turn: [1.2, 5.1] },
  crouched: { ...easy, hips: [0.9, 1.6], knees: [-2, -1.1], elbows: [-1.6, 1.6] },
  occluded: { ...easy, hidden: [0.14, 0.22] },
  "low-contrast": { ...easy, contrast: [30, 45] },
} satisfies Record<string, FigureMode>;

export type FigureModeName = keyof typeof modes;

/** Names of the modes, the easy one first. */
export const figureModeNames = Object.keys(modes) as readonly FigureModeName[];

/** Height of a standing figure and half the width of its limbs, in parts of the picture's side. */
const height: Range = [0.62, 0.78];
const thickness = 0.028;
/** Joints keep this part of the side away from the picture's edges. */
const margin = 0.05;

export function composeFigure(modeName: FigureModeName, sidePx: number, random: Random): FigureScene {
  const mode: FigureMode = modes[modeName];
  const background = drawBackground(random);
  const behind = middle(background);
  const heightPx = within(height, random) * sidePx;
  const joints = drawPlaces(figureJoints(drawPose(mode, random)), heightPx, sidePx, random);
  const colour = lighter(behind, within(mode.contrast, random), random);
  const figure = figureShapes(joints, thickness * sidePx, colour);
  const clutter = Array.from({ length: random.integer(3) }, () => drawFragment(behind, sidePx, random));
  const bars = mode.hidden === undefined ? [] : [drawCover(figure, heightPx, within(mode.hidden, random), random)];
  return {
    ...{ sidePx, background, noise: within([5, 15], random) },
    objects: [...clutter, ...figure, ...bars],
    joints: jointsSeen(joints, bars),
  };
}

function drawPose({ turn, shoulders, elbows, hips, knees }: FigureMode, random: Random): FigurePose {
  const both = (range: Range) => [within(range, random), within(range, random)] as const;
  return {
    turn: within(turn, random),
    shoulders: both(shoulders),
    elbows: both(elbows),
    hips: both(hips),
    knees: both(knees),
  };
}

/** The joints in pixels, anywhere that all of them are inside; a figure that is too large for the picture is made smaller. */
function drawPlaces(joints: readonly Point[], heightPx: number, sidePx: number, random: Random): Point[] {
  const [xs, ys] = [joints.map(({ x }) => x), joints.map(({ y }) => y)];
  const room = sidePx * (1 - 2 * margin);
  const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const scale = Math.min(heightPx, room / extent);
  const offset = (values: readonly number[]) =>
    within(
      [margin * sidePx - scale * Math.min(...values), (1 - margin) * sidePx - scale * Math.max(...values)],
      random,
    );
  const [dx, dy] = [offset(xs), offset(ys)];
  return joints.map(({ x, y }) => ({ x: scale * x + dx, y: scale * y + dy }));
}

/** A bar across one of the limbs. */
function drawCover(figure: readonly SceneObject[], heightPx: number, width: number, random: Random): SceneObject {
  const limb = figure[random.integer(figure.length)]!;
  return drawBar({ ...limb, scalePx: heightPx / 2 }, 2 * width, random);
}
