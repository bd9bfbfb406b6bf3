// A folder of pictures with YOLO's text files (Ultralytics, and Darknet before it): which picture has which file, in which
// set, and which file has no picture. What a line of a file says is for the readers of boxes and of joints.

import path from "node:path";
import { groupBy } from "../../core/group-by.ts";
import { inParallel } from "../in-parallel.ts";
import { type Fault, FaultError } from "./faults.ts";
import { below, type FolderFiles, folderOf, withoutEnding } from "./folder-files.ts";
import { joinContents, type LabelContent, onlyFault } from "./label-content.ts";
import { splitWord } from "./split-word.ts";
import type { YoloNames } from "./yolo-names.ts";

const readsAtOnce = 16;
/** Text files that stand among labels and are none. */
const notLabels = /^(?:classes|labels|notes|readme.*|train|val|valid|test|predefined_classes)\.txt$/i;

/** One line of a label file that is not blank. */
export interface YoloLine {
  /** From 1. */
  readonly number: number;
  readonly words: readonly string[];
}

/** Reads one line; a fault says what is wrong with it. */
export type ReadYoloLine<Entry> = (line: YoloLine) => Entry | Pick<Fault, "kind" | "what">;

/** What stands in the label file of a picture. */
export interface YoloPicture<Entry> {
  readonly id: string;
  /** Its label file. */
  readonly where: string;
  readonly entries: readonly (Entry & { readonly where: string })[];
}

export interface YoloSet<Entry> {
  /** As data.yaml names it, or the folder; empty where the folder makes no difference between pictures. */
  readonly name: string;
  read(): Promise<LabelContent<YoloPicture<Entry>>>;
}

/** Whether any picture has a text file where its label would be. */
export function hasYoloLabels(files: FolderFiles): boolean {
  return files.pictures.some((picture) => labelOf(files, picture) !== undefined);
}

/** The sets of a folder; labels that no picture has are listed with the first. */
export function yoloSets<Entry extends object>(
  files: FolderFiles,
  { splits }: Pick<YoloNames, "splits">,
  readLine: ReadYoloLine<Entry>,
): YoloSet<Entry>[] {
  const sets = splits === null ? setsByFolder(files) : namedSets(files, splits);
  return sets.map(({ name, pictures }, i) => ({
    name,
    read: async () => {
      const contents = await inParallel(pictures, readsAtOnce, (id) => readPicture(files, id, readLine));
      return joinContents([...contents, ...(i === 0 ? strayLabels(files) : [])]);
    },
  }));
}

interface PictureSet {
  readonly name: string;
  readonly pictures: readonly string[];
}

function namedSets(files: FolderFiles, splits: NonNullable<YoloNames["splits"]>): PictureSet[] {
  return Array.from(splits, ([name, places]) => {
    const wanted = new Set(places);
    const named = files.pictures.filter((picture) => wanted.delete(picture));
    const folders = [...wanted].map((place) => below(place, ""));
    const inFolders = files.pictures.filter((picture) => folders.some((folder) => picture.startsWith(folder)));
    return { name, pictures: [...new Set([...named, ...inFolders])] };
  });
}

function setsByFolder(files: FolderFiles): PictureSet[] {
  const groups = groupBy(files.pictures, (picture) => splitWord(folderOf(picture)) ?? "");
  return Array.from(groups, ([name, pictures]) => ({ name, pictures }));
}

/** The label file of a picture: images/ becomes labels/ in its path, or it lies beside it; undefined where there is none. */
function labelOf(files: FolderFiles, picture: string): string | undefined {
  return labelPaths(picture).find((file) => files.has(file));
}

/** In Ultralytics' order, then with Darknet's JPEGImages/, then in a folder labels/ of the same inner folders. */
function labelPaths(picture: string): string[] {
  const beside = `${withoutEnding(picture)}.txt`;
  return [yoloLabelPath(picture), beside.replace(/^(.*\/)?JPEGImages\//, "$1labels/"), beside, `labels/${beside}`];
}

/** Where the label of a picture belongs: the last folder images/ of its path becomes labels/. */
export function yoloLabelPath(picture: string): string {
  return `${withoutEnding(picture)}.txt`.replace(/^(.*\/)?images\//i, "$1labels/");
}

async function readPicture<Entry extends object>(
  files: FolderFiles,
  id: string,
  readLine: ReadYoloLine<Entry>,
): Promise<LabelContent<YoloPicture<Entry>>> {
  const where = labelOf(files, id);
  if (where === undefined) return { pictures: [], faults: [], unlabelled: [id] };
  const twins = files.withStem(withoutEnding(id));
  if (twins.length > 1) return onlyFault({ kind: "ambiguous", where, what: `fits ${twins.join(" and ")}`, id });
  try {
    const { entries, faults } = readYoloLines(await files.text(where), where, readLine);
    const placed = faults.map((fault) => ({ ...fault, id }));
    return { pictures: [{ id, where, entries }], faults: placed, unlabelled: [] };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return onlyFault({ ...error.fault, id });
  }
}

/** What the lines of a label file say, and what is wrong with them. */
export function readYoloLines<Entry extends object>(
  text: string,
  file: string,
  readLine: ReadYoloLine<Entry>,
): { entries: (Entry & { readonly where: string })[]; faults: Fault[] } {
  const entries: (Entry & { readonly where: string })[] = [];
  const faults: Fault[] = [];
  text.split("\n").forEach((line, i) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === "") return;
    const where = `${file}:${i + 1}`;
    const read = readLine({ number: i + 1, words });
    if ("what" in read) faults.push({ ...read, where });
    else entries.push({ ...read, where });
  });
  return { entries, faults };
}

/** Label files in labels/ that no picture has. */
function strayLabels(files: FolderFiles): LabelContent<never>[] {
  const used = new Set(files.pictures.flatMap(labelPaths));
  const stray = files.all.filter((file) => /(?:^|\/)labels\/.*\.txt$/i.test(file) && !used.has(file));
  return stray
    .filter((file) => !notLabels.test(path.posix.basename(file)))
    .map((where) => {
      const note = files.otherFormatNote(withoutEnding(where));
      return onlyFault({ kind: "missing", where, what: `there is no picture for it${note}` });
    });
}
