// Pictures that lie in one folder and their boxes that lie there too, around it, within it, or somewhere else, as one list of
// files in which the readers of boxes find both.
import { stat } from "node:fs/promises";
import path from "node:path";
import { ForelossError } from "../../core/errors.ts";
import { type FolderFiles, folderFiles, listFolderFiles } from "../label-folder/folder-files.ts";
import { isOtherPictureName, isPictureName, listAllFiles, requireFolder } from "../list-pictures.ts";

export interface FilesWithBoxes {
  readonly files: FolderFiles;
  /** What the paths of the folder's own pictures begin with among `files`; empty, or with a `/` at the end. */
  readonly prefix: string;
  /** Where the boxes are one file, its name among `files`. */
  readonly only: string | null;
}

/** Throws a `ForelossError` when one of the two is not there, or the boxes are a file that is no JSON. */
export async function filesWithBoxes(folder: string, boxes: string): Promise<FilesWithBoxes> {
  await requireFolder(folder);
  const there = await stat(boxes).catch(() => undefined);
  if (there === undefined && /\.json$/i.test(boxes)) throw new ForelossError(`${boxes}: no such file`);
  if (there?.isFile()) {
    const only = path.basename(requireJson(boxes));
    return { files: await united(folder, path.dirname(boxes), [only]), prefix: "", only };
  }
  await requireFolder(boxes);
  const inside = path.relative(boxes, folder).replaceAll("\\", "/");
  const outer = isWithin(inside) ? boxes : isWithin(path.relative(folder, boxes)) ? folder : null;
  if (outer === null) {
    const labels = (await listAllFiles(boxes)).filter((file) => !isPicture(file));
    return { files: await united(folder, boxes, labels), prefix: "", only: null };
  }
  return {
    files: await listFolderFiles(outer),
    prefix: outer === boxes && inside !== "" ? `${inside}/` : "",
    only: null,
  };
}

function isWithin(relative: string): boolean {
  return relative.split(/[\\/]/)[0] !== ".." && !path.isAbsolute(relative);
}

function isPicture(file: string): boolean {
  return isPictureName(file) || isOtherPictureName(file);
}

function requireJson(boxes: string): string {
  if (/\.json$/i.test(boxes)) return boxes;
  throw new ForelossError(`${boxes}: a single file of boxes is JSON as COCO has it`, {
    hint: "Name the folder where files of Pascal VOC or YOLO lie.",
  });
}

/** The pictures of one folder and the labels of another, as if they lay together. */
async function united(folder: string, labelFolder: string, labels: readonly string[]): Promise<FolderFiles> {
  const pictures = (await listAllFiles(folder)).filter(isPicture);
  const homes = new Map([
    ...pictures.map((file) => [file, folder] as const),
    ...labels.map((file) => [file, labelFolder] as const),
  ]);
  return folderFiles(labelFolder, [...homes.keys()].sort(), (file) => path.join(homes.get(file)!, file));
}
