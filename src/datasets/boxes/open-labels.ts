// Which format a folder of boxes has: the one that fits, or the one that was asked for.
import { ForelossError } from "../../core/errors.ts";
import { openCoco } from "./coco.ts";
import type { FolderFiles } from "./folder-files.ts";
import type { LabelSets, ReadOptions } from "./labelled-picture.ts";
import { openVoc } from "./voc.ts";
import { openYolo } from "./yolo.ts";

const readers = {
  voc: openVoc,
  coco: openCoco,
  yolo: openYolo,
} as const satisfies Record<string, (files: FolderFiles, options: ReadOptions) => Promise<LabelSets | undefined>>;

export type BoxFormat = keyof typeof readers;

export const boxFormats = Object.keys(readers) as readonly BoxFormat[];

const expected: Readonly<Record<BoxFormat, string>> = {
  voc: "XML files in Annotations/ or beside the pictures (Pascal VOC)",
  coco: "a JSON file with images, annotations and categories (COCO)",
  yolo: "a text file per picture in labels/ or beside it, and data.yaml or classes.txt (YOLO)",
};

export interface OpenedLabels extends LabelSets {
  readonly format: BoxFormat;
}

/** Throws a `ForelossError` when no format fits, several do, or the one asked for does not. */
export async function openLabels(
  files: FolderFiles,
  format: BoxFormat | "auto",
  options: ReadOptions,
): Promise<OpenedLabels> {
  const found: OpenedLabels[] = [];
  for (const name of format === "auto" ? boxFormats : [format]) {
    const labels = await readers[name](files, options);
    if (labels !== undefined) found.push({ ...labels, format: name });
  }
  if (found.length === 1) return found[0]!;
  throw found.length === 0 ? nothingFits(files, format) : severalFit(files, found);
}

function nothingFits(files: FolderFiles, format: BoxFormat | "auto"): ForelossError {
  const looked = format === "auto" ? Object.values(expected).join("; ") : expected[format];
  const pictures = `${files.pictures.length} ${files.pictures.length === 1 ? "picture" : "pictures"}`;
  return new ForelossError(`${files.root}: no labels with boxes among ${files.all.length} files (${pictures})`, {
    hint: `Looked for ${looked}.`,
  });
}

function severalFit({ root }: FolderFiles, found: readonly OpenedLabels[]): ForelossError {
  const names = found.map((labels) => labels.format);
  return new ForelossError(`${root}: labels of ${names.length} formats: ${names.join(", ")}`, {
    hint: `Say which one counts: --format or dataset.format in a recipe, --from in foreloss convert.`,
  });
}
