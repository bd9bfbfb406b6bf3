// What can be wrong with a person once the size of its picture is known.
import { boxInPixels } from "../../core/boxes.ts";
import type { Box, Joint, PixelSize, PoseLabel } from "../../core/labels.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import type { Fault } from "../label-folder/faults.ts";
import { sizeFault } from "../label-folder/size-fault.ts";
import { type PersonPicture, personId, type StatedPerson, wholePictureBox } from "./labelled-person.ts";

/** The item that a person becomes. */
export interface PersonItem {
  readonly id: string;
  /** Path of its picture. */
  readonly picture: string;
  readonly label: PoseLabel;
}

/** The persons of a picture of that size, and what is wrong with the others. */
export function personsOf(
  picture: PersonPicture,
  size: PixelSize,
  skeleton: Skeleton,
): { items: PersonItem[]; faults: Fault[] } {
  const stated = sizeFault(picture, size);
  if (stated !== undefined) return { items: [], faults: [stated] };
  const items: PersonItem[] = [];
  const faults: Fault[] = [];
  for (const person of picture.persons.map((stated) => inPixels(stated, picture, size))) {
    const id = personId(picture.id, person.key);
    const box = person.box ?? wholePictureBox(size);
    const wrong = personBoxFault(box, size) ?? jointFault(person.joints, box, size, skeleton);
    if (wrong !== undefined) faults.push({ ...wrong, where: person.where, id });
    else items.push({ id, picture: picture.id, label: labelOf(person, picture.id, box, size, skeleton) });
  }
  return { items, faults };
}

function inPixels(person: StatedPerson, { unit }: PersonPicture, size: PixelSize): StatedPerson {
  if (unit === "pixels") return person;
  const { box, joints } = person;
  return {
    ...person,
    joints: joints.map(({ x, y, visibility }) => ({ x: x * size.width, y: y * size.height, visibility })),
    box: box && boxInPixels(box, size),
  };
}

type Wrong = Pick<Fault, "kind" | "what">;

/** A person's box may reach out of its picture, as far as the person would; not lie outside it. */
export function personBoxFault({ left, top, right, bottom }: Box, { width, height }: PixelSize): Wrong | undefined {
  const corners = [left, top, right, bottom].map(rounded).join(", ");
  if (right <= left || bottom <= top) return { kind: "empty", what: `the box (${corners}) has no area` };
  if (left < width && top < height && right > 0 && bottom > 0) return undefined;
  return { kind: "outside", what: `the box (${corners}) lies outside its picture of ${width} x ${height}` };
}

/** People mark hidden joints beyond the picture's edge too, by this part of the person's size at most. */
const mostOutside = 0.5;

function jointFault(
  joints: readonly Joint[],
  box: Box,
  { width, height }: PixelSize,
  { jointNames }: Skeleton,
): Wrong | undefined {
  const allowed = mostOutside * Math.max(box.right - box.left, box.bottom - box.top);
  const labelled = joints.findIndex(({ visibility }) => visibility > 0);
  if (labelled < 0) return { kind: "joint", what: "no joint has a label" };
  const astray = joints.findIndex(
    ({ x, y, visibility }) => visibility > 0 && Math.max(-x, -y, x - width, y - height) > allowed,
  );
  if (astray < 0) return undefined;
  const { x, y } = joints[astray]!;
  const place = `(${rounded(x)}, ${rounded(y)})`;
  return {
    kind: "joint",
    what: `${jointNames[astray]} at ${place} is far outside its picture of ${width} x ${height}`,
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function labelOf(
  { key, joints, headPx, areaPx }: StatedPerson,
  picture: string,
  box: Box,
  size: PixelSize,
  skeleton: Skeleton,
): PoseLabel {
  return {
    ...{ size, joints, box, headPx: headPx ?? neckToTop(joints, skeleton) },
    ...(areaPx === undefined ? {} : { areaPx }),
    ...(key === null ? {} : { picture }),
  };
}

/** Where a format states no length of the head: from the neck to the top of the head, null where one has no label. */
function neckToTop(joints: readonly Joint[], { jointNames }: Skeleton): number | null {
  const find = (...names: string[]) => joints[jointNames.findIndex((name) => names.includes(name))];
  const [neck, top] = [find("neck", "upper_neck"), find("head_top")];
  if (neck === undefined || top === undefined || neck.visibility === 0 || top.visibility === 0) return null;
  return Math.hypot(neck.x - top.x, neck.y - top.y);
}
