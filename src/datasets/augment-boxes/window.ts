// Which part of a picture a net gets to see. A window lies in the pixels of the picture and may reach beyond it; zooming
// out, cropping and mirroring only move its edges, so that the picture itself is sampled once, at the end.
import { cornersOf, overlapOf } from "../../core/boxes.ts";
import type { Box, DetectionLabel, PixelSize } from "../../core/labels.ts";
import type { Random } from "../../core/random.ts";

export interface Window extends Box {
  /** Seen in a mirror, left to right. */
  readonly mirrored: boolean;
}

/** One way of cropping: not at all, or so that some object overlaps the crop at least this much (0: any crop). */
export type Crop = "whole" | number;

/** Crops tried for one way before another is taken. */
const trials = 50;
/** A crop's sides are at least this share of the window's, and neither is more than twice the other. */
const leastSide = 0.3;
const mostRatio = 2;

export function wholeWindow({ width, height }: PixelSize): Window {
  return { left: 0, top: 0, right: width, bottom: height, mirrored: false };
}

/** The picture becomes smaller by a factor of up to `most` and lies anywhere in the window ("expand" of SSD). */
export function zoomOut({ width, height }: PixelSize, most: number, random: Random): Window {
  const factor = 1 + random.next() * (most - 1);
  const left = -random.next() * (factor - 1) * width;
  const top = -random.next() * (factor - 1) * height;
  return { left, top, right: left + factor * width, bottom: top + factor * height, mirrored: false };
}

/**
 * A crop of the window (SSD, section 2.2, "data augmentation"): one way is drawn, and 50 random crops at most; if none
 * will do, another way, and in the end the window as it is. A crop will do if some object overlaps it as much as
 * the way asks and the centre of some object lies in it. Without objects every crop will do.
 */
export function crop(window: Window, boxes: readonly Box[], crops: readonly Crop[], random: Random): Window {
  const left = [...crops];
  while (left.length > 0) {
    const [way] = left.splice(random.integer(left.length), 1);
    if (way === "whole") return window;
    for (let trial = 0; trial < trials; trial++) {
      const part = randomPart(window, random);
      if (part !== undefined && suits(part, boxes, way!)) return part;
    }
  }
  return window;
}

function randomPart(window: Window, random: Random): Window | undefined {
  const width = window.right - window.left;
  const height = window.bottom - window.top;
  const w = width * (leastSide + (1 - leastSide) * random.next());
  const h = height * (leastSide + (1 - leastSide) * random.next());
  if (w > mostRatio * h || h > mostRatio * w) return undefined;
  const left = window.left + random.next() * (width - w);
  const top = window.top + random.next() * (height - h);
  return { left, top, right: left + w, bottom: top + h, mirrored: window.mirrored };
}

function suits(part: Window, boxes: readonly Box[], leastOverlap: number): boolean {
  if (boxes.length === 0) return true;
  if (!boxes.some((box) => holdsCentre(part, box))) return false;
  const [corners, edges] = [cornersOf(boxes), cornersOf([part])];
  return boxes.some((_, i) => overlapOf(corners, i, edges, 0) >= leastOverlap);
}

function holdsCentre(window: Window, { left, top, right, bottom }: Box): boolean {
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  return x > window.left && x < window.right && y > window.top && y < window.bottom;
}

/**
 * The label as it is in what the window shows at the label's own size: objects whose centre lies outside are gone, the
 * others are cut at its edges.
 */
export function labelThrough(window: Window, { size, objects }: DetectionLabel): DetectionLabel {
  const x = (place: number) => within(((place - window.left) * size.width) / (window.right - window.left), size.width);
  const y = (place: number) => within(((place - window.top) * size.height) / (window.bottom - window.top), size.height);
  const seen = objects.filter((object) => holdsCentre(window, object));
  const moved = seen.map((object) => {
    const [left, right] = [x(object.left), x(object.right)];
    const [first, second] = window.mirrored ? [size.width - right, size.width - left] : [left, right];
    return { ...object, left: first, top: y(object.top), right: second, bottom: y(object.bottom) };
  });
  return { size, objects: moved };
}

function within(place: number, length: number): number {
  return Math.min(Math.max(place, 0), length);
}
