// A folder with labels as COCO has them (Lin et al. 2014; cocodataset.org, "data format"): one JSON file per split with
// `images`, `annotations` and `categories`.
import path from "node:path";
import { type CocoId, checked, orThrow, readCocoLists, setName } from "../label-folder/coco-file.ts";
import { FaultError } from "../label-folder/faults.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import { type CocoFile, categorySchema, readCocoSet } from "./coco-entries.ts";
import type { LabelSets } from "./labelled-picture.ts";

/** Companions of the official files that hold no boxes, or those of another task. */
const notBoxes = /^(?:captions|person_keypoints|stuff|panoptic|image_info)_/;

/**
 * The labels of a folder in this format; undefined when no JSON file has the three lists. Throws a `ForelossError` when such
 * a file is not JSON or its categories are wrong: nothing in it could be read then.
 */
export async function openCoco(files: FolderFiles): Promise<LabelSets | undefined> {
  return await openCocoFiles(
    files,
    files.all.filter((file) => /\.json$/i.test(file) && !notBoxes.test(path.posix.basename(file))),
  );
}

/** The labels in these files, whatever they are called. */
export async function openCocoFiles(files: FolderFiles, named: readonly string[]): Promise<LabelSets | undefined> {
  const parsed: CocoFile[] = [];
  for (const file of named) {
    const content = await readCocoLists(files, file);
    if (content !== undefined) parsed.push({ ...content, file, categories: categoriesOf(content.categories, file) });
  }
  if (parsed.length === 0) return undefined;
  return {
    classNames: [...new Set(parsed.flatMap(({ categories }) => [...categories.values()]))],
    sets: parsed.map((coco) => ({ name: setName(coco.file), read: async () => readCocoSet(files, coco) })),
  };
}

/** Class name by id, in the order of the ids. Ids and names must be distinct: nothing could be told apart otherwise. */
function categoriesOf(values: readonly unknown[], file: string): Map<CocoId, string> {
  const names = new Map<CocoId, string>();
  for (const [i, value] of values.entries()) {
    const where = `${file}: categories[${i}]`;
    const { id, name } = orThrow(checked(categorySchema, value, where));
    const twice = names.has(id) ? `id ${JSON.stringify(id)}` : [...names.values()].includes(name) ? `"${name}"` : null;
    if (twice !== null) throw new FaultError({ kind: "duplicate", where, what: `${twice} stands there already` });
    names.set(id, name);
  }
  return new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1)));
}
