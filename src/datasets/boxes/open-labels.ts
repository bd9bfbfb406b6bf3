// The formats of boxes, and which one a folder has.
import { openInFormat } from "../label-folder/choose-format.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import { openCoco } from "./coco.ts";
import type { LabelSets, ReadOptions } from "./labelled-picture.ts";
import { openVoc } from "./voc.ts";
import { openYolo } from "./yolo.ts";

const readers = {
  voc: { open: openVoc, expected: "XML files in Annotations/ or beside the pictures (Pascal VOC)" },
  coco: { open: openCoco, expected: "a JSON file with images, annotations and categories (COCO)" },
  yolo: {
    open: openYolo,
    expected: "a text file per picture in labels/ or beside it, and data.yaml or classes.txt (YOLO)",
  },
} as const;

export type BoxFormat = keyof typeof readers;

export const boxFormats = Object.keys(readers) as readonly BoxFormat[];

export interface OpenedLabels extends LabelSets {
  readonly format: BoxFormat;
}

/** Throws a `ForelossError` when no format fits, several do, or the one asked for does not. */
export async function openLabels(
  files: FolderFiles,
  format: BoxFormat | "auto",
  options: ReadOptions,
): Promise<OpenedLabels> {
  const formats = {
    voc: { ...readers.voc, open: (listed: FolderFiles) => openVoc(listed, options) },
    coco: readers.coco,
    yolo: { ...readers.yolo, open: (listed: FolderFiles) => openYolo(listed, options) },
  };
  return await openInFormat(files, { none: "labels with boxes", several: "labels of" }, formats, format);
}
