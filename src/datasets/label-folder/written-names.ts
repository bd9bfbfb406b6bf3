// Names that writers of labels refuse: text files cannot hold them, or could not be told apart.
import { ForelossError } from "../../core/errors.ts";
import { withoutEnding } from "./folder-files.ts";

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

/** Whether a line of a text file can hold it, and readers give it back. */
export function isOneLine(text: string): boolean {
  return text !== "" && text === text.trim() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}
