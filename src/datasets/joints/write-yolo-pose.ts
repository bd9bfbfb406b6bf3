// YOLO's text labels for persons with joints (Ultralytics' pose format) and the data.yaml beside them: a line per person with
// class 0, the box as centre and size, and x, y and visibility of every joint, in shares of the picture with six decimals.
import { stringify } from "yaml";
import { ForelossError } from "../../core/errors.ts";
import type { Joint, PixelSize } from "../../core/labels.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import type { PicturePersons, WrittenPerson } from "./written-person.ts";

/**
 * The text of one picture's label. Trainers refuse shares outside 0 to 1: a box is cut at the picture's edge, and a joint
 * beyond it is written as not labelled. Throws a `ForelossError` for a box that has nothing of the picture.
 */
export function yoloPoseText({ name, size, persons }: PicturePersons): string {
  return persons.map((person) => `${line(person, size, name)}\n`).join("");
}

function line({ box, joints }: WrittenPerson, size: PixelSize, name: string): string {
  const across = span(box.left, box.right, size.width);
  const down = span(box.top, box.bottom, size.height);
  if (!(across.length > 0 && down.length > 0)) {
    throw new ForelossError(`${name}: a person whose box lies outside its picture of ${size.width} x ${size.height}`);
  }
  const shares = [across.middle, down.middle, across.length, down.length].map(inDecimals);
  return ["0", ...shares, ...joints.map((joint) => jointText(joint, size))].join(" ");
}

/** The part of a stretch that lies within 0..extent, in shares of it. */
function span(from: number, to: number, extent: number): { middle: number; length: number } {
  const [first, last] = [Math.max(0, from / extent), Math.min(1, to / extent)];
  return { middle: (first + last) / 2, length: last - first };
}

function jointText({ x, y, visibility }: Joint, { width, height }: PixelSize): string {
  const isInside = x >= 0 && y >= 0 && x <= width && y <= height;
  if (visibility === 0 || !isInside) return `${inDecimals(0)} ${inDecimals(0)} 0`;
  return `${inDecimals(x / width)} ${inDecimals(y / height)} ${visibility}`;
}

function inDecimals(share: number): string {
  return share.toFixed(6);
}

/**
 * `data.yaml` for the folders of pictures of each split; `flip_idx` says which joints swap in a mirror. `bones`, pairs of
 * joints from 0, are Foreloss's own: trainers pass over what they do not know.
 */
export function yoloPoseDataYaml(
  splits: Readonly<Record<string, string>>,
  { jointNames, mirrorOf, bones }: Skeleton,
): string {
  const document = {
    path: ".",
    ...splits,
    names: new Map([[0, "person"]]),
    kpt_shape: [jointNames.length, 3],
    flip_idx: mirrorOf,
    kpt_names: new Map([[0, jointNames]]),
    bones,
  };
  return stringify(document, { flowCollectionPadding: false });
}
