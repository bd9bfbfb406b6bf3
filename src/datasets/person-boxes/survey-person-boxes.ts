// Reads the boxes of persons whose joints nobody has labelled yet, and holds them against their pictures. What is wrong is
// listed with its place, as it is for labels.
import path from "node:path";
import { boxInPixels } from "../../core/boxes.ts";
import { ForelossError } from "../../core/errors.ts";
import type { Box, PixelSize } from "../../core/labels.ts";
import { openCocoFiles } from "../boxes/coco.ts";
import type { LabelledPicture, LabelSets } from "../boxes/labelled-picture.ts";
import { type BoxFormat, openLabels } from "../boxes/open-labels.ts";
import { classesOf } from "../boxes/survey-boxes.ts";
import type { OpenProgress } from "../check-pictures.ts";
import { countLine, personId } from "../joints/labelled-person.ts";
import { personBoxFault } from "../joints/person-faults.ts";
import type { Fault } from "../label-folder/faults.ts";
import { readSets } from "../label-folder/label-content.ts";
import { repeatedPictures } from "../label-folder/repeated-pictures.ts";
import { sizeFault } from "../label-folder/size-fault.ts";
import { isOtherPictureName, isPictureName } from "../list-pictures.ts";
import { lookAtEach } from "../look-at-each.ts";
import { examinePicture } from "../read-picture.ts";
import { type FilesWithBoxes, filesWithBoxes } from "./files-with-boxes.ts";

/** A person by its box. */
export interface BoxedPerson {
  /** `a.jpg#2`: the picture, and the number of the person's box in it, from 1. */
  readonly id: string;
  /** Path below the folder of pictures. */
  readonly picture: string;
  readonly size: PixelSize;
  readonly box: Box;
}

export interface BoxedPersons {
  readonly persons: readonly BoxedPerson[];
  /** What is wrong; the persons concerned are left out. */
  readonly faults: readonly Fault[];
  /** Pictures without a person or not readable, and what is not used without being wrong: `path: reason`. */
  readonly passedOver: readonly string[];
}

/**
 * The persons of the pictures below `folder`; `boxes` is a folder, or a file as COCO has it. Throws a `ForelossError` when the
 * boxes cannot be read at all, or it is not known which of them are of persons.
 */
export async function surveyPersonBoxes(
  folder: string,
  boxes: string,
  format: BoxFormat | "auto",
  progress: OpenProgress,
): Promise<BoxedPersons> {
  const found = await filesWithBoxes(folder, boxes);
  const labels = await openBoxes(found, boxes, format);
  const content = await readSets(labels.sets, progress.signal);
  const own = content.pictures.filter(({ id }) => id.startsWith(found.prefix));
  const className = personClass(labels.classNames ?? classesOf(own), boxes);
  const pictures = own
    .map((picture) => ({
      ...picture,
      id: picture.id.slice(found.prefix.length),
      objects: picture.objects.filter((object) => object.className === className && !object.crowd),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = repeatedPictures(pictures);
  const peopled = pictures.filter(({ id, objects }) => objects.length > 0 && !twice.some((fault) => fault.id === id));
  const looks = await lookAtEach(peopled, progress, (picture) => lookAt(path.join(folder, picture.id), picture));
  return {
    persons: looks.flatMap(({ persons }) => persons),
    faults: [...faultsBelow(found.prefix, content.faults), ...twice, ...looks.flatMap(({ faults }) => faults)],
    passedOver: [
      ...looks.flatMap(({ passedOver }) => passedOver),
      ...withoutPerson(found, new Set(pictures.filter(({ objects }) => objects.length > 0).map(({ id }) => id))),
      ...notPersons(own, className, boxes),
    ],
  };
}

async function openBoxes(
  { files, only }: FilesWithBoxes,
  boxes: string,
  format: BoxFormat | "auto",
): Promise<LabelSets> {
  if (only === null) return await openLabels(files, format, { vocOrigin: 1, withoutSplits: true });
  const labels = await openCocoFiles(files, [only]);
  if (labels !== undefined) return labels;
  throw new ForelossError(`${boxes}: no lists images, annotations and categories, as COCO has them`);
}

/** The class called person, or the only one. */
function personClass(classNames: readonly string[], boxes: string): string {
  const found = classNames.length === 1 ? classNames[0] : classNames.find((name) => name.toLowerCase() === "person");
  if (found !== undefined) return found;
  const what = classNames.length === 0 ? "no box" : `no class "person" among ${classNames.join(", ")}`;
  throw new ForelossError(`${boxes}: ${what}`, {
    hint: "Boxes of persons are those of the class person, or all where there is one class.",
  });
}

interface Look {
  readonly persons: readonly BoxedPerson[];
  readonly faults: readonly Fault[];
  readonly passedOver: readonly string[];
}

async function lookAt(file: string, picture: LabelledPicture): Promise<Look> {
  const examined = await examinePicture(file);
  if ("fault" in examined) return { persons: [], faults: [], passedOver: [`${picture.id}: ${examined.fault}`] };
  const { size } = examined;
  const wrongSize = sizeFault(picture, size);
  if (wrongSize !== undefined) return { persons: [], faults: [wrongSize], passedOver: [] };
  const persons: BoxedPerson[] = [];
  const faults: Fault[] = [];
  for (const [i, { box: stated, where }] of picture.objects.entries()) {
    const box = picture.unit === "pixels" ? stated : boxInPixels(stated, size);
    const id = personId(picture.id, String(i + 1));
    const wrong = personBoxFault(box, size);
    if (wrong === undefined) persons.push({ id, picture: picture.id, size, box });
    else faults.push({ ...wrong, where, id });
  }
  return { persons, faults, passedOver: [] };
}

/** Labels around the folder of pictures may be of other pictures too: their faults are nobody's here. */
function faultsBelow(prefix: string, faults: readonly Fault[]): Fault[] {
  return faults.filter(({ id }) => id === undefined || id.startsWith(prefix));
}

function withoutPerson({ files, prefix }: FilesWithBoxes, withPerson: ReadonlySet<string>): string[] {
  const own = files.all.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  return [
    ...own.filter((file) => isPictureName(file) && !withPerson.has(file)).map((file) => `${file}: no box of a person`),
    ...own.filter(isOtherPictureName).map((file) => `${file}: not a JPEG, PNG or WebP file`),
  ];
}

function notPersons(pictures: readonly LabelledPicture[], className: string, boxes: string): string[] {
  const objects = pictures.flatMap((picture) => picture.objects);
  const others = objects.filter((object) => object.className !== className).length;
  const crowds = objects.filter((object) => object.className === className && object.crowd).length;
  return [
    ...countLine(boxes, others, "box of another class", "boxes of other classes"),
    ...countLine(boxes, crowds, "crowd", "crowds"),
  ];
}
