// A folder with boxes as YOLO has them (Ultralytics' text format, and Darknet's before it): one text file per picture,
// one line per object: number of the class from 0, then centre x, centre y, width and height as shares of the picture.
// An empty file says that there is nothing in the picture; a picture without a file has no label.
import type { Fault } from "../label-folder/faults.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import type { LabelContent } from "../label-folder/label-content.ts";
import { hasYoloLabels, type YoloLine, type YoloPicture, yoloSets } from "../label-folder/yolo-folder.ts";
import { type YoloBox, yoloBox, yoloNumbers } from "../label-folder/yolo-line.ts";
import { readYoloNames } from "../label-folder/yolo-names.ts";
import type { LabelSets, ReadOptions, SetContent } from "./labelled-picture.ts";

/** The labels of a folder in this format; undefined when no picture has a text file and nothing names classes and splits. */
export async function openYolo(files: FolderFiles, { withoutSplits }: ReadOptions): Promise<LabelSets | undefined> {
  const names = await readYoloNames(files, hasYoloLabels(files), !withoutSplits);
  if (names === undefined) return undefined;
  const sets = yoloSets(files, names, (line) => readLine(line, names.classNames));
  return {
    classNames: names.classNames,
    sets: sets.map(({ name, read }) => ({ name, read: async () => asObjects(await read()) })),
  };
}

function asObjects({ pictures, ...rest }: LabelContent<YoloPicture<YoloBox>>): SetContent {
  return {
    ...rest,
    pictures: pictures.map(({ id, where, entries }) => ({ id, where, size: null, unit: "shares", objects: entries })),
  };
}

function readLine({ words }: YoloLine, classNames: readonly string[]): YoloBox | Pick<Fault, "kind" | "what"> {
  const numbers = yoloNumbers(words);
  if ("what" in numbers) return numbers;
  if (numbers.length !== 5) return { kind: "malformed", what: columnsFault(numbers.length) };
  return yoloBox(numbers, classNames);
}

function columnsFault(columns: number): string {
  const meant = columns === 6 ? " (a prediction with its score?)" : columns > 6 ? " (a polygon or joints?)" : "";
  return `${columns} numbers${meant}; a box has 5: class, centre x and y, width, height`;
}
