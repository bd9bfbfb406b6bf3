// Composes a scene: one object of a class, in one of the modes. The easy mode is what most training pictures show; each
// of the hard ones makes one thing difficult, so that a strategy that finds them asks for something worth a label.
import type { Random } from "../../core/random.ts";
import { type Background, type Colour, type Point, placeObject, type Scene, type SceneObject } from "./scene.ts";
import { classNames, classOutline, rectangle } from "./shapes.ts";

/** Side of the made-up pictures. */
export const sidePx = 32;

type Range = readonly [low: number, high: number];

/** How the pictures of a mode are drawn. */
interface Mode {
  readonly scalePx: Range;
  /** Difference of object and background colour, of 255 in the channel that differs most. */
  readonly contrast: Range;
  /** Distance from the border to the look-alike class, 0..0.5. */
  readonly distance: Range;
  /** Fragments lying about behind the object. */
  readonly clutter: Range;
  /** Width of the bar that hides a part of the object, in units of its scale. */
  readonly hidden?: Range;
}

// How hard: a ResNet-18 of width 8 (PyTorch 2.13, SGD, batch 64, one training each) reached 0.67 balanced test accuracy
// on 200 random labels (200 steps; easy mode alone 0.99), 0.79 on 600 (250 steps) and 0.95 on 1,500 (400 steps).
// What one labels matters: 200 random and 400 hard labels gave 0.98, 600 random ones 0.91 (500 steps each).
const easy: Mode = { scalePx: [9.5, 12], contrast: [80, 130], distance: [0.42, 0.5], clutter: [0, 0.8] };

const modes = {
  easy,
  small: { ...easy, scalePx: [5.6, 7.2] },
  occluded: { ...easy, hidden: [0.3, 0.5] },
  "low-contrast": { ...easy, contrast: [28, 42] },
  "look-alike": { ...easy, distance: [0.1, 0.22] },
  cluttered: { ...easy, clutter: [10, 15] },
} satisfies Record<string, Mode>;

export type ModeName = keyof typeof modes;

/** Names of the modes, the easy one first. */
export const modeNames = Object.keys(modes) as readonly ModeName[];

/** A scene with one object of the class, drawn in the mode; everything else comes from `random`. */
export function composeScene(classIndex: number, modeName: ModeName, random: Random): Scene {
  const mode: Mode = modes[modeName];
  const background = drawBackground(random);
  const object = drawObject(classIndex, mode, middle(background), random);
  const clutter = Array.from({ length: Math.round(within(mode.clutter, random)) }, () =>
    drawFragment(middle(background), random),
  );
  const hiding = mode.hidden === undefined ? [] : [drawBar(object, within(mode.hidden, random), random)];
  return { sidePx, background, objects: [...clutter, object, ...hiding], noise: within([5, 15], random) };
}

/** Detection boxes and class labels of a scene: the objects that have a class. */
export function labelledObjects(scene: Scene): readonly SceneObject[] {
  return scene.objects.filter((object) => object.classIndex >= 0 && object.classIndex < classNames.length);
}

function drawBackground(random: Random): Background {
  const from = drawColour([15, 95], random);
  const to = lighter(from, within([0, 30], random), random);
  const stripes = {
    strength: within([0, 6], random),
    wavelengthPx: within([4, 14], random),
    direction: angle(random),
  };
  return { from, to, direction: angle(random), stripes };
}

/** An object of a class, wholly inside the picture. */
function drawObject(classIndex: number, mode: Mode, behind: Colour, random: Random): SceneObject {
  const outline = classOutline(classIndex, within(mode.distance, random));
  const placement = {
    classIndex,
    scalePx: within(mode.scalePx, random),
    rotation: within([-0.25, 0.25], random),
    colour: lighter(behind, within(mode.contrast, random), random),
  };
  const { box } = placeObject(outline, { ...placement, centre: { x: 0, y: 0 } });
  const centre = {
    x: within([1 - box.left, sidePx - 1 - box.right], random),
    y: within([1 - box.top, sidePx - 1 - box.bottom], random),
  };
  return placeObject(outline, { ...placement, centre });
}

/** A small piece of nothing in particular, anywhere in the picture: a bar or a corner. */
function drawFragment(behind: Colour, random: Random): SceneObject {
  const bar = rectangle(1, within([0.15, 0.6], random));
  return placeObject(random.next() < 0.5 ? bar : [bar[0]!.slice(0, 3)], {
    classIndex: -1,
    centre: drawPlace(random),
    scalePx: within([2, 4.5], random),
    rotation: angle(random),
    colour: lighter(behind, within([30, 110], random), random),
  });
}

/** A bar across the object, off its middle by up to half its scale, of a colour of its own. */
function drawBar(object: SceneObject, width: number, random: Random): SceneObject {
  const rotation = angle(random);
  const off = within([-0.5, 0.5], random) * object.scalePx;
  return placeObject(rectangle(2, width / 2), {
    classIndex: -1,
    centre: { x: object.centre.x - Math.sin(rotation) * off, y: object.centre.y + Math.cos(rotation) * off },
    scalePx: object.scalePx,
    rotation,
    colour: drawColour([20, 160], random),
  });
}

function within([low, high]: Range, random: Random): number {
  return low + (high - low) * random.next();
}

function angle(random: Random): number {
  return within([0, 2 * Math.PI], random);
}

function drawPlace(random: Random): Point {
  return { x: within([0, sidePx], random), y: within([0, sidePx], random) };
}

function drawColour(range: Range, random: Random): Colour {
  return [within(range, random), within(range, random), within(range, random)];
}

/** A lighter colour: by `contrast` (of 255) in one channel, by at least half of it in the others. */
function lighter([red, green, blue]: Colour, contrast: number, random: Random): Colour {
  const strongest = random.integer(3);
  const by = (channel: number) => contrast * (channel === strongest ? 1 : within([0.5, 1], random));
  return [red + by(0), green + by(1), blue + by(2)];
}

function middle({ from, to }: Background): Colour {
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
}
