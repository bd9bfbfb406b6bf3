// A folder with labels as YOLO has them (Ultralytics' text format, and Darknet's before it): one text file per picture,
// one line per object: number of the class from 0, then centre x, centre y, width and height as shares of the picture.
// An empty file says that there is nothing in the picture; a picture without a file has no label.
import path from "node:path";
import { inParallel } from "../in-parallel.ts";
import { type Fault, FaultError } from "../label-folder/faults.ts";
import { below, type FolderFiles, folderOf, groupBy, withoutEnding } from "../label-folder/folder-files.ts";
import { splitWord } from "../label-folder/split-word.ts";
import {
  joinContents,
  type LabelledPicture,
  type LabelSets,
  onlyFault,
  type SetContent,
  type StatedObject,
} from "./labelled-picture.ts";
import { readYoloNames, type YoloNames } from "./yolo-names.ts";

const readsAtOnce = 16;
/** Text files that stand among labels and are none. */
const notLabels = /^(?:classes|labels|notes|readme.*|train|val|valid|test|predefined_classes)\.txt$/i;

/** The labels of a folder in this format; undefined when no picture has a text file and nothing names classes and splits. */
export async function openYolo(files: FolderFiles): Promise<LabelSets | undefined> {
  const labelled = files.pictures.some((picture) => labelOf(files, picture) !== undefined);
  const names = await readYoloNames(files, labelled);
  if (names === undefined) return undefined;
  const sets = names.splits === null ? setsByFolder(files) : namedSets(files, names.splits);
  const read = (pictures: readonly string[]) => readPictures(files, pictures, names.classNames);
  return {
    classNames: names.classNames,
    sets: sets.map(({ name, pictures }, i) => ({
      name,
      read: async () => joinContents([await read(pictures), ...(i === 0 ? strayLabels(files) : [])]),
    })),
  };
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

/** In Ultralytics' order, with Darknet's JPEGImages/ after it. */
function labelPaths(picture: string): string[] {
  const beside = `${withoutEnding(picture)}.txt`;
  return [yoloLabelPath(picture), beside.replace(/^(.*\/)?JPEGImages\//, "$1labels/"), beside];
}

/** Where the label of a picture belongs: the last folder images/ of its path becomes labels/. */
export function yoloLabelPath(picture: string): string {
  return `${withoutEnding(picture)}.txt`.replace(/^(.*\/)?images\//i, "$1labels/");
}

async function readPictures(
  files: FolderFiles,
  pictures: readonly string[],
  classNames: readonly string[],
): Promise<SetContent> {
  const contents = await inParallel(pictures, readsAtOnce, async (id): Promise<SetContent> => {
    const file = labelOf(files, id);
    if (file === undefined) return { pictures: [], faults: [], unlabelled: [id] };
    const twins = files.withStem(withoutEnding(id));
    if (twins.length > 1) return onlyFault({ kind: "ambiguous", where: file, what: `fits ${twins.join(" and ")}`, id });
    return await readLabel(files, id, file, classNames);
  });
  return joinContents(contents);
}

async function readLabel(
  files: FolderFiles,
  id: string,
  file: string,
  classNames: readonly string[],
): Promise<SetContent> {
  try {
    const { objects, faults } = parseYoloLabel(await files.text(file), file, classNames);
    const picture: LabelledPicture = { id, where: file, size: null, unit: "shares", objects };
    return { pictures: [picture], faults: faults.map((fault) => ({ ...fault, id })), unlabelled: [] };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return onlyFault({ ...error.fault, id });
  }
}

/** The objects of a label file, and what is wrong with its lines. */
export function parseYoloLabel(
  text: string,
  file: string,
  classNames: readonly string[],
): { objects: StatedObject[]; faults: Fault[] } {
  const objects: StatedObject[] = [];
  const faults: Fault[] = [];
  text.split("\n").forEach((line, i) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === "") return;
    const where = `${file}:${i + 1}`;
    const read = parseLine(words, classNames);
    if ("what" in read) faults.push({ ...read, where });
    else objects.push({ ...read, where });
  });
  return { objects, faults };
}

function parseLine(
  words: readonly string[],
  classNames: readonly string[],
): Pick<StatedObject, "className" | "box"> | Pick<Fault, "kind" | "what"> {
  const numbers = words.map(Number);
  const strange = words.find((_, i) => !Number.isFinite(numbers[i]));
  if (strange !== undefined) return { kind: "malformed", what: `"${strange}" is not a number` };
  if (numbers.length !== 5) return { kind: "malformed", what: columnsFault(numbers.length) };
  const [classIndex, x, y, width, height] = numbers as [number, number, number, number, number];
  const className = classNames[classIndex];
  if (className === undefined) {
    return { kind: "class", what: `class ${words[0]}; there are 0 to ${classNames.length - 1}` };
  }
  const box = { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  return { className, box };
}

function columnsFault(columns: number): string {
  const meant = columns === 6 ? " (a prediction with its score?)" : columns > 6 ? " (a polygon or joints?)" : "";
  return `${columns} numbers${meant}; a box has 5: class, centre x and y, width, height`;
}

/** Label files in labels/ that no picture has. */
function strayLabels(files: FolderFiles): SetContent[] {
  const used = new Set(files.pictures.flatMap(labelPaths));
  const stray = files.all.filter((file) => /(?:^|\/)labels\/.*\.txt$/i.test(file) && !used.has(file));
  const faults = stray
    .filter((file) => !notLabels.test(path.posix.basename(file)))
    .map((where): Fault => {
      const stem = withoutEnding(where);
      return { kind: "missing", where, what: `there is no picture for it${files.otherFormatNote(stem)}` };
    });
  return [{ pictures: [], faults, unlabelled: [] }];
}
