// The parts that made-up scenes are put together from: a background, objects of a class, and what is in their way.
import type { Random } from "../../core/random.ts";
import { type Background, type Colour, type Point, placeObject, type SceneObject } from "./scene.ts";
import { classOutline, rectangle } from "./shapes.ts";

export type Range = readonly [low: number, high: number];

/** How objects look. */
export interface Look {
  readonly scalePx: Range;
  /** Difference of object and background colour, of 255 in the channel that differs most. */
  readonly contrast: Range;
  /** Distance from the border to the look-alike class, 0..0.5. */
  readonly distance: Range;
}

/** A dark ramp with faint stripes. */
export function drawBackground(random: Random): Background {
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
export function drawObject(
  classIndex: number,
  look: Look,
  behind: Colour,
  sidePx: number,
  random: Random,
): SceneObject {
  const outline = classOutline(classIndex, within(look.distance, random));
  const placement = {
    classIndex,
    scalePx: within(look.scalePx, random),
    rotation: within([-0.25, 0.25], random),
    colour: lighter(behind, within(look.contrast, random), random),
  };
  const { box } = placeObject(outline, { ...placement, centre: { x: 0, y: 0 } });
  const centre = {
    x: within([1 - box.left, sidePx - 1 - box.right], random),
    y: within([1 - box.top, sidePx - 1 - box.bottom], random),
  };
  return placeObject(outline, { ...placement, centre });
}

/** A small piece of nothing in particular, anywhere in the picture: a bar or a corner. */
export function drawFragment(behind: Colour, sidePx: number, random: Random): SceneObject {
  const bar = rectangle(1, within([0.15, 0.6], random));
  return placeObject(random.next() < 0.5 ? bar : [bar[0]!.slice(0, 3)], {
    classIndex: -1,
    centre: drawPlace(sidePx, random),
    scalePx: within([2, 4.5], random),
    rotation: angle(random),
    colour: lighter(behind, within([30, 110], random), random),
  });
}

/** A bar across the object, off its middle by up to half its scale, of a colour of its own. */
export function drawBar(object: SceneObject, width: number, random: Random): SceneObject {
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

/** A number of the range, all equally likely. */
export function within([low, high]: Range, random: Random): number {
  return low + (high - low) * random.next();
}

function angle(random: Random): number {
  return within([0, 2 * Math.PI], random);
}

function drawPlace(sidePx: number, random: Random): Point {
  return { x: within([0, sidePx], random), y: within([0, sidePx], random) };
}

function drawColour(range: Range, random: Random): Colour {
  return [within(range, random), within(range, random), within(range, random)];
}

/** A lighter colour: by `contrast` (of 255) in one channel, by at least half of it in the others. */
export function lighter([red, green, blue]: Colour, contrast: number, random: Random): Colour {
  const strongest = random.integer(3);
  const by = (channel: number) => contrast * (channel === strongest ? 1 : within([0.5, 1], random));
  return [red + by(0), green + by(1), blue + by(2)];
}

/** The colour half way along a background. */
export function middle({ from, to }: Background): Colour {
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
}
