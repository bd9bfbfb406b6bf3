// What the writers of boxes take, whatever the format, and what names they refuse.
import { ForelossError } from "../../core/errors.ts";
import type { ObjectLabel, PixelSize } from "../../core/labels.ts";
import { withoutEnding } from "../label-folder/folder-files.ts";

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

/** Throws a `ForelossError` where two pictures differ in their ending only, or a name is not one line. */
export function requireDistinctStems(names: readonly string[], format: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const stem = withoutEnding(name);
    const before = seen.get(stem);
    if (before !== undefined) {
      throw new ForelossError(
        `${name}: ${format} names labels by the picture without its ending, and there is ${before}`,
        {
          hint: "Rename one of the two.",
        },
      );
    }
    if (!isOneLine(stem))
      throw new ForelossError(`${JSON.stringify(name)}: a name that lists of ${format} cannot hold`);
    seen.set(stem, name);
  }
}

function isOneLine(text: string): boolean {
  return text !== "" && text === text.trim() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}
