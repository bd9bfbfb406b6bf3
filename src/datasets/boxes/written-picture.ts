// What the writers of boxes take, whatever the format, and what class names they refuse.
import { ForelossError } from "../../core/errors.ts";
import type { ObjectLabel, PixelSize } from "../../core/labels.ts";
import { isOneLine } from "../label-folder/written-names.ts";

/** An object to be written; a prediction has a score in [0, 1]. */
export interface WrittenObject extends ObjectLabel {
  readonly score?: number;
}

/** A picture with its objects. */
export interface WrittenPicture {
  /** Path of the picture below the folder of pictures, with `/`. */
  readonly name: string;
  readonly size: PixelSize;
  readonly objects: readonly WrittenObject[];
}

/** Throws a `ForelossError` for a class name that a text file cannot hold: readers take lines, and cut space off their ends. */
export function requireWritableClasses(classNames: readonly string[]): void {
  const wrong = classNames.find((name) => !isOneLine(name));
  if (wrong === undefined) return;
  throw new ForelossError(`class ${JSON.stringify(wrong)}: no name that label files can hold`, {
    hint: "A name needs a character, none that is invisible, and no space at its ends.",
  });
}
