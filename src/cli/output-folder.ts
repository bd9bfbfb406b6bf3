// Where output may go: never into a folder of pictures, whose sub-folders are classes.
import { isAbsolute, relative, resolve, sep } from "node:path";
import { UsageError } from "../core/errors.ts";

/** Throws a `UsageError` when `out` is the folder of pictures or lies in it. */
export function refuseInside(pictures: string, out: string): void {
  const way = relative(resolve(pictures), resolve(out));
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new UsageError(`--out: ${out} lies in the folder of pictures, ${pictures}, and nothing is written there`, {
    hint: "Name a folder beside it.",
  });
}
