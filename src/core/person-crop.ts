// The square around a person that a model sees, and how places go to and fro between it and the picture. It follows from
// the person's box alone, so that whoever holds a label knows the crop.
import { type Affine, inverse, moved } from "./affine.ts";
import type { Box, Joint } from "./labels.ts";

/** The longer side of the box is made so much longer: room for what a box is drawn too tight for, customary in pose. */
export const cropMargin = 1.25;

/** From picture pixels to the pixels of a crop of `sidePx`: the square around the box's centre, `cropMargin` times its longer side. */
export function cropOf(box: Box, sidePx: number): Affine {
  const side = cropMargin * Math.max(box.right - box.left, box.bottom - box.top);
  if (!(side > 0)) throw new RangeError(`cropOf: box ${JSON.stringify(box)} has no size`);
  const scale = sidePx / side;
  const offset = (low: number, high: number) => sidePx / 2 - (scale * (low + high)) / 2;
  return { a: scale, b: 0, c: offset(box.left, box.right), d: 0, e: scale, f: offset(box.top, box.bottom) };
}

/** The box of a person of whom a centre and a height are known, as in MPII: a square of that side. */
export function boxFromCentre(centre: { readonly x: number; readonly y: number }, sidePx: number): Box {
  const half = sidePx / 2;
  return { left: centre.x - half, top: centre.y - half, right: centre.x + half, bottom: centre.y + half };
}

/** Joints at their new places; one without a label stays as it is. */
export function moveJoints(joints: readonly Joint[], map: Affine): Joint[] {
  return joints.map((joint) => (joint.visibility === 0 ? joint : { ...joint, ...moved(map, joint.x, joint.y) }));
}

/** From the pixels of a crop back to those of the picture. */
export function cropBack(box: Box, sidePx: number): Affine {
  return inverse(cropOf(box, sidePx));
}
