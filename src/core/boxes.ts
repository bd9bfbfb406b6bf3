// Arithmetic on boxes. Many boxes lie in one flat array, four numbers each (left, top, right, bottom), in whatever unit
// the caller works in; a box covers [left, right) x [top, bottom), so that no pixel has to be added anywhere. The devkit
// of PASCAL VOC counts whole pixels between inclusive corners: moved by half a pixel each way these are the same areas.
import type { Box, DetectionLabel, PixelSize } from "./labels.ts";

/** Boxes one after another: left, top, right, bottom. */
export type Corners = Float32Array | Float64Array; // [boxes, 4]

/** The corners of some boxes, in their unit. */
export function cornersOf(boxes: readonly Box[]): Float64Array {
  const corners = new Float64Array(4 * boxes.length);
  boxes.forEach(({ left, top, right, bottom }, i) => {
    corners.set([left, top, right, bottom], 4 * i);
  });
  return corners;
}

/** Area of box `i`; 0 where right lies left of left, or bottom above top. */
export function areaOf(boxes: Corners, i: number): number {
  const width = boxes[4 * i + 2]! - boxes[4 * i]!;
  const height = boxes[4 * i + 3]! - boxes[4 * i + 1]!;
  return width > 0 && height > 0 ? width * height : 0;
}

/** Area that box `i` of `a` and box `j` of `b` share. */
export function sharedArea(a: Corners, i: number, b: Corners, j: number): number {
  const p = 4 * i;
  const q = 4 * j;
  const width = Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!);
  if (width <= 0) return 0;
  const height = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!);
  return height <= 0 ? 0 : width * height;
}

/** Intersection over union of box `i` of `a` and box `j` of `b`, 0..1 (Jaccard); 0 where both have no area. */
export function overlapOf(a: Corners, i: number, b: Corners, j: number): number {
  const shared = sharedArea(a, i, b, j);
  return shared === 0 ? 0 : shared / (areaOf(a, i) + areaOf(b, j) - shared);
}

/** Share of box `i` of `a` that box `j` of `b` covers, 0..1: what counts inside a crowd. */
export function coverOf(a: Corners, i: number, b: Corners, j: number): number {
  const shared = sharedArea(a, i, b, j);
  return shared === 0 ? 0 : shared / areaOf(a, i);
}

/** The label as it is on its picture warped to `size`. */
export function resizeLabel(label: DetectionLabel, { width, height }: PixelSize): DetectionLabel {
  const across = width / label.size.width;
  const down = height / label.size.height;
  const objects = label.objects.map((object) => ({
    ...object,
    left: object.left * across,
    top: object.top * down,
    right: object.right * across,
    bottom: object.bottom * down,
  }));
  return { size: { width, height }, objects };
}

/** A box in shares of a picture's sides, in its pixels. */
export function boxInPixels({ left, top, right, bottom }: Box, { width, height }: PixelSize): Box {
  return { left: left * width, top: top * height, right: right * width, bottom: bottom * height };
}
