// A scene: what is in a made-up picture, before any pixel is drawn. Pictures, class labels and detection boxes are all
// read off the same scene; an articulated figure would be an object whose outline has one polygon per limb.

import type { Box } from "../../core/labels.ts";

/** A place in pixels; (0, 0) is the upper left corner of the picture, x to the right, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Closed polygons; a point belongs to the outline when it lies inside an odd number of them, so a second one is a hole. */
export type Outline = readonly (readonly Point[])[];

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

export interface SceneObject {
  /** Class index, or -1 for what is only in the way: clutter and what hides other objects. */
  readonly classIndex: number;
  readonly centre: Point;
  /** Pixels that one unit of the shape's own outline is long. */
  readonly scalePx: number;
  /** Radians, clockwise as seen in the picture. */
  readonly rotation: number;
  readonly colour: Colour;
  /** In picture coordinates. */
  readonly outline: Outline;
  readonly box: Box;
}

/** A ramp between two colours along a direction, with stripes of a given strength across it. */
export interface Background {
  readonly from: Colour;
  readonly to: Colour;
  /** Radians. */
  readonly direction: number;
  readonly stripes: { readonly strength: number; readonly wavelengthPx: number; readonly direction: number };
}

export interface Scene {
  readonly sidePx: number;
  readonly background: Background;
  /** Painted in this order. */
  readonly objects: readonly SceneObject[];
  /** Largest amount by which noise moves a channel of a pixel, of 255. */
  readonly noise: number;
}

/** What places a shape in a picture. */
export type Placement = Pick<SceneObject, "classIndex" | "centre" | "scalePx" | "rotation" | "colour">;

/** The object that a shape's own outline (about one unit in radius, around 0) becomes at its place. */
export function placeObject(shape: Outline, placement: Placement): SceneObject {
  const { centre, scalePx, rotation } = placement;
  const cos = Math.cos(rotation) * scalePx;
  const sin = Math.sin(rotation) * scalePx;
  const outline = shape.map((polygon) =>
    polygon.map(({ x, y }) => ({ x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos })),
  );
  return { ...placement, outline, box: boxAround(outline) };
}

/** Smallest box around all points of an outline. */
export function boxAround(outline: Outline): Box {
  const xs = outline.flatMap((polygon) => polygon.map((point) => point.x));
  const ys = outline.flatMap((polygon) => polygon.map((point) => point.y));
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
