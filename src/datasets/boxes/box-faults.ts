// What can be wrong with a picture's objects once the picture's own size is known.
import { boxInPixels } from "../../core/boxes.ts";
import type { Box, DetectionLabel, ObjectLabel, PixelSize } from "../../core/labels.ts";
import { didYouMean } from "../../core/suggest.ts";
import type { Fault } from "../label-folder/faults.ts";
import { sizeFault, sizeInWords } from "../label-folder/size-fault.ts";
import type { LabelledPicture, StatedObject } from "./labelled-picture.ts";

/**
 * How far a box may stand out of its picture by the rounding of the numbers it was written with: such a box ends at the
 * picture's edge. In pixels (files with two decimals), and in shares of a side (files with six, some with five).
 */
const roundingPx = 0.02;
const roundingShare = 1e-5;

/** The label of a picture of that size, or all that is wrong with it. `classes` gives the index of each class. */
export function detectionLabel(
  picture: LabelledPicture,
  size: PixelSize,
  classes: ReadonlyMap<string, number>,
): DetectionLabel | readonly Fault[] {
  const { id } = picture;
  const stated = sizeFault(picture, size);
  if (stated !== undefined) return [stated];
  const faults: Fault[] = [];
  const objects = picture.objects.map((object): ObjectLabel => {
    const box = picture.unit === "pixels" ? object.box : boxInPixels(object.box, size);
    const allowed = picture.unit === "pixels" ? roundingPx : roundingShare * Math.max(size.width, size.height);
    const fault = classFault(object, classes) ?? boxFault(box, size, allowed);
    if (fault !== undefined) faults.push({ ...fault, where: object.where, id });
    return { ...flagsOf(object), ...onEdge(box, size), classIndex: classes.get(object.className) ?? -1 };
  });
  return faults.length > 0 ? faults : { size, objects };
}

type Wrong = Pick<Fault, "kind" | "what">;

function classFault({ className }: StatedObject, classes: ReadonlyMap<string, number>): Wrong | undefined {
  if (classes.has(className)) return undefined;
  return { kind: "class", what: `unknown class "${className}"${didYouMean(className, classes.keys())}` };
}

function boxFault(box: Box, size: PixelSize, allowed: number): Wrong | undefined {
  const { left, top, right, bottom } = box;
  const corners = [left, top, right, bottom].map((value) => Number(value.toFixed(3))).join(", ");
  if (right <= left || bottom <= top) return { kind: "empty", what: `the box (${corners}) has no area` };
  const over = Math.max(-left, -top, right - size.width, bottom - size.height);
  if (over <= allowed) return undefined;
  return { kind: "outside", what: `the box (${corners}) stands out of its picture of ${sizeInWords(size)}` };
}

function onEdge({ left, top, right, bottom }: Box, { width, height }: PixelSize): Box {
  return {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
}

function flagsOf({ difficult, truncated, crowd }: StatedObject): Partial<ObjectLabel> {
  return {
    ...(difficult === undefined ? {} : { difficult }),
    ...(truncated === undefined ? {} : { truncated }),
    ...(crowd === undefined ? {} : { crowd }),
  };
}
