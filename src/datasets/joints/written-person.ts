// What the writers of joints take, whatever the format.
import type { PixelSize, PoseLabel } from "../../core/labels.ts";

/** A person to be written; a prediction has a score. */
export interface WrittenPerson extends Pick<PoseLabel, "joints" | "box" | "areaPx"> {
  readonly score?: number;
}

/** A picture with all its persons. */
export interface PicturePersons {
  /** Path of the picture below the folder of pictures, with `/`. */
  readonly name: string;
  readonly size: PixelSize;
  readonly persons: readonly WrittenPerson[];
}
