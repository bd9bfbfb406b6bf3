// Which format the labels of a folder have: the one that fits, or the one that was asked for.
import { ForelossError } from "../../core/errors.ts";
import type { FolderFiles } from "./folder-files.ts";

/** One way in which labels may lie in a folder. */
export interface LabelFormat<Sets> {
  /** What it looks for, in words. */
  readonly expected: string;
  /** Nothing where it does not find that. */
  readonly open: (files: FolderFiles) => Promise<Sets | undefined>;
}

/** What messages call the labels: after "no", and before "2 formats". */
export interface LabelWords {
  readonly none: string;
  readonly several: string;
}

/**
 * The labels in the one format that fits, or in the format asked for. Throws a `ForelossError` when no format fits, several
 * do, or the one asked for does not.
 */
export async function openInFormat<Name extends string, Sets extends object>(
  files: FolderFiles,
  words: LabelWords,
  formats: Readonly<Record<Name, LabelFormat<Sets>>>,
  wanted: Name | "auto",
): Promise<Sets & { readonly format: Name }> {
  const names = wanted === "auto" ? (Object.keys(formats) as Name[]) : [wanted];
  const found: (Sets & { readonly format: Name })[] = [];
  for (const format of names) {
    const sets = await formats[format].open(files);
    if (sets !== undefined) found.push({ ...sets, format });
  }
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw severalFit(files, words, found);
  const looked = names.map((name) => formats[name].expected).join("; ");
  throw nothingFits(files, words, looked);
}

function nothingFits({ root, all, pictures }: FolderFiles, { none }: LabelWords, looked: string): ForelossError {
  const counted = `${pictures.length} ${pictures.length === 1 ? "picture" : "pictures"}`;
  return new ForelossError(`${root}: no ${none} among ${all.length} files (${counted})`, {
    hint: `Looked for ${looked}.`,
  });
}

function severalFit(
  { root }: FolderFiles,
  { several }: LabelWords,
  found: readonly { readonly format: string }[],
): ForelossError {
  const names = found.map(({ format }) => format).join(", ");
  return new ForelossError(`${root}: ${several} ${found.length} formats: ${names}`, {
    hint: "Say which one counts: --format or dataset.format in a recipe, --from in foreloss convert.",
  });
}
