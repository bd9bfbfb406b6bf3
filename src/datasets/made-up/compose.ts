// Composes a scene: one object of a class, in one of the modes. The easy mode is what most training pictures show; each
// of the hard ones makes one thing difficult, so that a strategy that finds them asks for something worth a label.
import type { Random } from "../../core/random.ts";
import type { Scene, SceneObject } from "./scene.ts";
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
import { classNames } from "./shapes.ts";

/** Side of the made-up pictures. */
export const sidePx = 32;

/** How the pictures of a mode are drawn. */
interface Mode extends Look {
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
  const object = drawObject(classIndex, mode, middle(background), sidePx, random);
  const clutter = Array.from({ length: Math.round(within(mode.clutter, random)) }, () =>
    drawFragment(middle(background), sidePx, random),
  );
  const hiding = mode.hidden === undefined ? [] : [drawBar(object, within(mode.hidden, random), random)];
  return { sidePx, background, objects: [...clutter, object, ...hiding], noise: within([5, 15], random) };
}

/** Detection boxes and class labels of a scene: the objects that have a class. */
export function labelledObjects(scene: Scene): readonly SceneObject[] {
  return scene.objects.filter((object) => object.classIndex >= 0 && object.classIndex < classNames.length);
}
