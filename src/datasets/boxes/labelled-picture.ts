// What the readers of boxes give, whatever the format: pictures with their objects as they are written, before anything
// is held against the pictures themselves.
import type { Box, PixelSize } from "../../core/labels.ts";
import type { LabelContent } from "../label-folder/label-content.ts";

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

/** Pictures that a data set names together: `train`, `test`, the trainval list of VOC2007. */
export interface LabelSet {
  /** As a recipe names it; empty when the folder makes no difference between pictures. */
  readonly name: string;
  read(): Promise<SetContent>;
}

export type SetContent = LabelContent<LabelledPicture>;

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
  /** Take every label there is, whatever lists of splits say. */
  readonly withoutSplits?: boolean;
}
