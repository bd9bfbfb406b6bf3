// What the readers of boxes give, whatever the format: pictures with their objects as they are written, before anything
// is held against the pictures themselves, and what is wrong with them.
import { ForelossError } from "../../core/errors.ts";
import type { Box, PixelSize } from "../../core/labels.ts";

/** An object as a label file states it. */
export interface StatedObject {
  readonly className: string;
  /** In pixels, or in shares of the picture's sides: the picture says which. */
  readonly box: Box;
  readonly difficult?: boolean;
  readonly truncated?: boolean;
  readonly crowd?: boolean;
  /** File and line, or file and place in the JSON. */
  readonly where: string;
}

/** A picture with its label. */
export interface LabelledPicture {
  /** Path of the picture relative to the data folder, with `/`. */
  readonly id: string;
  /** Where its label begins. */
  readonly where: string;
  /** As the label states it; null where it does not. */
  readonly size: PixelSize | null;
  readonly unit: "pixels" | "shares";
  readonly objects: readonly StatedObject[];
}

/** What can be wrong with labels: the kind, in words for one and for several. */
export const faultKinds = {
  malformed: ["malformed label", "malformed labels"],
  missing: ["label without a picture", "labels without a picture"],
  ambiguous: ["label that fits several pictures", "labels that fit several pictures"],
  unreadable: ["unreadable picture", "unreadable pictures"],
  size: ["wrong picture size", "wrong picture sizes"],
  outside: ["box outside its picture", "boxes outside their pictures"],
  empty: ["box without area", "boxes without area"],
  class: ["unknown class", "unknown classes"],
  joint: ["person with a wrong joint", "persons with a wrong joint"],
  duplicate: ["duplicate", "duplicates"],
} as const satisfies Record<string, readonly [string, string]>;

export type FaultKind = keyof typeof faultKinds;

/** Something wrong with a label. */
export interface Fault {
  readonly kind: FaultKind;
  /** File and line, or file and place in the JSON. */
  readonly where: string;
  /** With the value. */
  readonly what: string;
  /** The picture whose label it is in, where there is one. */
  readonly id?: string | undefined;
}

/** Thrown where a label file cannot be read at all; whoever reads many files lists its fault and goes on. */
export class FaultError extends ForelossError {
  readonly fault: Fault;
  constructor(fault: Fault, cause?: unknown) {
    super(`${fault.where}: ${fault.what}`, { cause });
    this.fault = fault;
  }
}

/** Pictures that a data set names together: `train`, `test`, the trainval list of VOC2007. */
export interface LabelSet {
  /** As a recipe names it; empty when the folder makes no difference between pictures. */
  readonly name: string;
  read(): Promise<SetContent>;
}

export interface SetContent {
  readonly pictures: readonly LabelledPicture[];
  readonly faults: readonly Fault[];
  /** Ids of pictures in the set that have no label. */
  readonly unlabelled: readonly string[];
}

/** What several files or entries hold, as one. */
export function joinContents(contents: readonly SetContent[]): SetContent {
  return {
    pictures: contents.flatMap(({ pictures }) => pictures),
    faults: contents.flatMap(({ faults }) => faults),
    unlabelled: contents.flatMap(({ unlabelled }) => unlabelled),
  };
}

/** A set's content that is one fault. */
export function onlyFault(fault: Fault): SetContent {
  return { pictures: [], faults: [fault], unlabelled: [] };
}

/** The labels of a folder in one format. Several sets may share a name: their pictures belong together. */
export interface LabelSets {
  /** In the order of their numbers; null where the format keeps no list and those that occur are the classes. */
  readonly classNames: readonly string[] | null;
  readonly sets: readonly LabelSet[];
}

/** Options that only some formats look at. */
export interface ReadOptions {
  /** Number of the first pixel in VOC files. */
  readonly vocOrigin: 0 | 1;
}
