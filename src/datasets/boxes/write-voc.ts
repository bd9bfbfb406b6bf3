// PASCAL VOC's XML. Corners are whole pixels: a box is rounded to the nearest ones and never to nothing.
import path from "node:path";
import type { Box } from "../../core/labels.ts";
import type { WrittenObject, WrittenPicture } from "./written-picture.ts";

/** The XML of one picture. `origin` is the number of the first pixel, as for reading. Scores have no place in it. */
export function vocXml(
  { name, size, objects }: WrittenPicture,
  classNames: readonly string[],
  origin: 0 | 1 = 1,
): string {
  const lines = [
    "<annotation>",
    "  <folder>JPEGImages</folder>",
    `  <filename>${escaped(path.posix.basename(name))}</filename>`,
    "  <size>",
    `    <width>${size.width}</width>`,
    `    <height>${size.height}</height>`,
    "    <depth>3</depth>",
    "  </size>",
    "  <segmented>0</segmented>",
    ...objects.flatMap((object) => objectLines(object, classNames[object.classIndex]!, origin)),
    "</annotation>",
  ];
  return `${lines.join("\n")}\n`;
}

function objectLines(object: WrittenObject, className: string, origin: 0 | 1): string[] {
  const { left, top, right, bottom } = wholePixels(object);
  return [
    "  <object>",
    `    <name>${escaped(className)}</name>`,
    "    <pose>Unspecified</pose>",
    `    <truncated>${Number(object.truncated ?? false)}</truncated>`,
    `    <difficult>${Number(object.difficult ?? false)}</difficult>`,
    "    <bndbox>",
    `      <xmin>${left + origin}</xmin>`,
    `      <ymin>${top + origin}</ymin>`,
    `      <xmax>${right}</xmax>`,
    `      <ymax>${bottom}</ymax>`,
    "    </bndbox>",
    "  </object>",
  ];
}

function wholePixels({ left, top, right, bottom }: Box): Box {
  const [wholeLeft, wholeRight] = wholeStretch(left, right);
  const [wholeTop, wholeBottom] = wholeStretch(top, bottom);
  return { left: wholeLeft, top: wholeTop, right: wholeRight, bottom: wholeBottom };
}

/** Both ends rounded; the pixel around its middle where that leaves nothing. */
function wholeStretch(from: number, to: number): [number, number] {
  const [start, end] = [Math.round(from), Math.round(to)];
  if (end > start) return [start, end];
  const pixel = Math.floor((from + to) / 2);
  return [pixel, pixel + 1];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
