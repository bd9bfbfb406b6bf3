// What the readers of joints give, whatever the format: pictures with their persons as they are written, before anything is
// held against the pictures themselves, and what is wrong with them.
import type { Box, Joint, PixelSize } from "../../core/labels.ts";
import { cropMargin } from "../../core/person-crop.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import type { Fault } from "../label-folder/faults.ts";

/** A person as a label file states it, in the unit of its picture. */
export interface StatedPerson {
  /** What tells it from the other persons of the picture; null where a picture has one only. */
  readonly key: string | null;
  readonly joints: readonly Joint[];
  /** Null where the format has none: the picture was cut around the person. */
  readonly box: Box | null;
  /** Length that PCKh counts in, where the format states it. */
  readonly headPx?: number;
  /** Of the person's outline, where the format states it. */
  readonly areaPx?: number;
  /** File and place in it. */
  readonly where: string;
}

export interface PersonPicture {
  /** Path of the picture relative to the data folder, with `/`. */
  readonly id: string;
  /** Where its label begins. */
  readonly where: string;
  /** As the label states it; null where it does not. */
  readonly size: PixelSize | null;
  /** What joints and boxes count in: pixels, or shares of the picture's sides. */
  readonly unit: "pixels" | "shares";
  readonly persons: readonly StatedPerson[];
}

export interface PersonContent {
  readonly pictures: readonly PersonPicture[];
  readonly faults: readonly Fault[];
  /** What is not used without being wrong, one line each: `12 persons without a labelled joint`. */
  readonly passedOver: readonly string[];
}

/** Pictures that a data set names together. */
export interface PersonSet {
  /** As a recipe names it; empty when the folder makes no difference between pictures. */
  readonly name: string;
  read(): Promise<PersonContent>;
}

/** The labels of a folder in one format. */
export interface PersonSets {
  readonly skeleton: Skeleton;
  readonly sets: readonly PersonSet[];
}

export const noJoint: Joint = { x: 0, y: 0, visibility: 0 };

/** The item that a person is: `images/a.jpg#17`, or the picture itself where it has one person only. */
export function personId(picture: string, key: string | null): string {
  return key === null ? picture : `${picture}#${key}`;
}

/** The box whose crop is a picture's longer side squared: the picture is the person's. */
export function wholePictureBox({ width, height }: PixelSize): Box {
  const margin = (1 - 1 / cropMargin) / 2;
  return { left: margin * width, top: margin * height, right: (1 - margin) * width, bottom: (1 - margin) * height };
}

/** A line that says how many of something were passed over; none for none. */
export function countLine(where: string, count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${where}: ${count} ${count === 1 ? one : many}, not used`];
}
