// A folder with PASCAL VOC labels: the kit's (JPEGImages/, Annotations/, ImageSets/Main/), several of them (VOC2007/ and
// VOC2012/ in VOCdevkit/), or XML beside the pictures. The picture of a label is the one of its name; <filename>, often
// left over from before files were renamed, is only asked when there is none.

import path from "node:path";
import { groupBy } from "../../core/group-by.ts";
import { inParallel } from "../in-parallel.ts";
import { type Fault, FaultError } from "../label-folder/faults.ts";
import { below, type FolderFiles, folderOf, withoutEnding } from "../label-folder/folder-files.ts";
import { joinContents, onlyFault } from "../label-folder/label-content.ts";
import { splitWord } from "../label-folder/split-word.ts";
import type { LabelledPicture, LabelSet, LabelSets, ReadOptions, SetContent } from "./labelled-picture.ts";
import { parseVocFile } from "./voc-xml.ts";

/** One folder of labels with its pictures. */
interface VocFolder {
  /** Relative to the data folder; empty for itself. */
  readonly folder: string;
  /** Folder of the XML files. */
  readonly labels: string;
  /** Folders in which a label's picture may lie. */
  readonly pictures: readonly string[];
  readonly xml: readonly string[];
}

/** What reading the labels of one folder takes. */
interface Reading {
  readonly files: FolderFiles;
  readonly folder: VocFolder;
  /** XML file by its path without ending. */
  readonly xml: ReadonlyMap<string, string>;
  readonly origin: 0 | 1;
}

/** An entry of a set: the name that label and picture share, below their folders. */
interface Entry {
  readonly stem: string;
  readonly where: string;
}

const readsAtOnce = 16;
const pictureFolders = ["JPEGImages", "images", "Images", "img", ""];

/** The labels of a folder in this format; undefined when no XML lies in a folder Annotations/ or beside a picture of its name. */
export async function openVoc(files: FolderFiles, options: ReadOptions): Promise<LabelSets | undefined> {
  const seen = files.all.some((file) => isXml(file) && (inAnnotations(file) ?? files.withStem(withoutEnding(file))[0]));
  if (!seen) return undefined;
  const sets = vocFolders(files).flatMap((folder) => {
    const xml = new Map(folder.xml.map((file) => [withoutEnding(file), file]));
    const reading = { files, folder, xml, origin: options.vocOrigin };
    const lists = options.withoutSplits ? [] : setLists(reading);
    return lists.length === 0 ? setsBySplit(reading) : lists.map((list) => listedSet(reading, list));
  });
  return { classNames: null, sets };
}

function isXml(file: string): boolean {
  return file.toLowerCase().endsWith(".xml");
}

/** The folder Annotations/ (any case) that a file lies in, however deep. */
function inAnnotations(file: string): string | undefined {
  return /^(?:.*\/)?annotations(?=\/)/i.exec(file)?.[0];
}

function vocFolders(files: FolderFiles): VocFolder[] {
  const byLabels = groupBy(files.all.filter(isXml), (file) => inAnnotations(file) ?? folderOf(file));
  return Array.from(byLabels, ([labels, xml]) => {
    const apart = inAnnotations(xml[0]!) !== undefined;
    const folder = apart ? folderOf(labels) : labels;
    const pictures = apart ? [...pictureFolders.map((name) => below(folder, name)), labels] : [labels];
    return { folder, labels, pictures: pictures.map((name) => name.replace(/\/$/, "")), xml };
  });
}

/** Files of ImageSets/ that list whole sets: not those of one class (`aeroplane_train.txt`). */
function setLists({ files, folder: { folder } }: Reading): string[] {
  const lists = [below(folder, "ImageSets/Main"), below(folder, "ImageSets")].map((place) =>
    files.all.filter((file) => folderOf(file) === place && file.endsWith(".txt")),
  );
  const found = lists.find((some) => some.length > 0) ?? [];
  const names = new Set(found.map(setName));
  return found.filter((file) => !names.has(setName(file).replace(/^.*_/, "")) || !setName(file).includes("_"));
}

function setName(list: string): string {
  return path.posix.basename(withoutEnding(list));
}

function listedSet(reading: Reading, list: string): LabelSet {
  return {
    name: below(reading.folder.folder, setName(list)),
    read: async () => {
      const lines = (await reading.files.text(list)).split("\n").map((line) => line.trim());
      const entries = lines.flatMap((stem, i) => (stem === "" ? [] : [{ stem, where: `${list}:${i + 1}` }]));
      return await readEntries(reading, entries);
    },
  };
}

/** Without lists the folders that the files lie in say which split they are of, if any. */
function setsBySplit(reading: Reading): LabelSet[] {
  const { labels, xml } = reading.folder;
  const groups = groupBy(xml, (file) => splitWord(folderOf(file)) ?? "");
  return Array.from(groups, ([name, own]) => ({
    name,
    read: () => {
      const entries = own.map((file) => ({
        stem: withoutEnding(labels === "" ? file : file.slice(labels.length + 1)),
        where: file,
      }));
      return readEntries(reading, entries);
    },
  }));
}

async function readEntries(reading: Reading, entries: readonly Entry[]): Promise<SetContent> {
  return joinContents(await inParallel(entries, readsAtOnce, (entry) => readEntry(reading, entry)));
}

async function readEntry(reading: Reading, { stem: listed, where }: Entry): Promise<SetContent> {
  const { files, folder, xml, origin } = reading;
  const stems = [listed, withoutEnding(listed)]; // some tools list names with their ending
  const stem = stems.find((name) => xml.has(below(folder.labels, name)));
  if (stem === undefined) return withoutLabel(reading, stems, where);
  const file = xml.get(below(folder.labels, stem))!;
  try {
    const { filename, size, objects, faults } = parseVocFile(await files.read(file), file, origin);
    const found = picturesOf(reading, stem, filename, file);
    if (found.length !== 1) return onlyFault(whichPicture(files, stem, found, file));
    const id = found[0]!;
    const picture: LabelledPicture = { id, where: file, size, unit: "pixels", objects };
    return { pictures: [picture], faults: faults.map((fault) => ({ ...fault, id })), unlabelled: [] };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return onlyFault({ ...error.fault, id: picturesOf(reading, stem, null, file)[0] });
  }
}

function withoutLabel(reading: Reading, stems: readonly string[], where: string): SetContent {
  const found = stems.flatMap((stem) => picturesOf(reading, stem, null, where));
  if (found.length > 0) return { pictures: [], faults: [], unlabelled: found.slice(0, 1) };
  return onlyFault({ kind: "missing", where, what: `there is neither a label nor a picture "${stems[0]}"` });
}

/** The pictures that a label can be of: those of its name, else those that its <filename> means. */
function picturesOf(
  { files, folder }: Reading,
  stem: string,
  filename: string | null,
  from: string,
): readonly string[] {
  for (const place of folder.pictures) {
    const found = files.withStem(below(place, stem));
    if (found.length > 0) return found;
  }
  if (filename === null || filename === "") return [];
  return files.meant(filename, from).filter((picture) => picture.startsWith(below(folder.folder, "")));
}

function whichPicture(files: FolderFiles, stem: string, found: readonly string[], where: string): Fault {
  if (found.length > 1) return { kind: "ambiguous", where, what: `fits ${found.join(" and ")}` };
  return { kind: "missing", where, what: `there is no picture "${stem}"${files.otherFormatNote(stem)}` };
}
