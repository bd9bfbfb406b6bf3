// Writes a whole folder of pictures with boxes in one of the formats, as their trainers expect it.
import path from "node:path";
import { withoutEnding } from "../label-folder/folder-files.ts";
import { requireDistinctStems } from "../label-folder/written-names.ts";
import { yoloLabelPath } from "../label-folder/yolo-folder.ts";
import { type FolderEntry, sharedFolder, writeFolder } from "../write-folder.ts";
import type { BoxFormat } from "./open-labels.ts";
import { cocoFile } from "./write-coco.ts";
import { vocXml } from "./write-voc.ts";
import { yoloDataYaml, yoloText } from "./write-yolo.ts";
import { requireWritableClasses, type WrittenPicture } from "./written-picture.ts";

/** A picture with the place of its file. */
export interface PictureToWrite {
  /** Path below the folder that it comes from. */
  readonly id: string;
  readonly file: string;
  readonly label: Pick<WrittenPicture, "size" | "objects">;
}

export interface BoxesToWrite {
  readonly classNames: readonly string[];
  readonly train: readonly PictureToWrite[];
  /** Null where nothing is held out: the folder then has no split. */
  readonly test: readonly PictureToWrite[] | null;
}

interface Part {
  /** Empty for a folder without a split. */
  readonly name: "train" | "test" | "";
  readonly pictures: readonly (WrittenPicture & { readonly file: string })[];
}

const layouts: Readonly<Record<BoxFormat, (parts: readonly Part[], classNames: readonly string[]) => FolderEntry[]>> = {
  voc: vocEntries,
  coco: cocoEntries,
  yolo: yoloEntries,
};

/** Throws a `ForelossError` when `folder` is there and not empty, or the format cannot hold a name; nothing is written then. */
export async function writeBoxes(folder: string, format: BoxFormat, boxes: BoxesToWrite): Promise<void> {
  await writeFolder(folder, () => {
    requireWritableClasses(boxes.classNames);
    return layouts[format](partsOf(boxes), boxes.classNames);
  });
}

function partsOf({ train, test }: BoxesToWrite): Part[] {
  const parts: { name: Part["name"]; from: readonly PictureToWrite[] }[] =
    test === null
      ? [{ name: "", from: train }]
      : [
          { name: "train", from: train },
          { name: "test", from: test },
        ];
  return parts.map(({ name, from }) => {
    const shared = sharedFolder(from.map(({ id }) => id));
    return { name, pictures: from.map(({ id, file, label }) => ({ ...label, file, name: id.slice(shared.length) })) };
  });
}

function vocEntries(parts: readonly Part[], classNames: readonly string[]): FolderEntry[] {
  const names = parts.flatMap(({ pictures }) => pictures.map(({ name }) => name));
  const apart = parts.length > 1 && new Set(names.map(withoutEnding)).size < names.length;
  return parts.flatMap((part) => {
    const pictures = part.pictures.map((one) => ({ ...one, name: apart ? `${part.name}/${one.name}` : one.name }));
    const stems = pictures.map(({ name }) => withoutEnding(name));
    requireDistinctStems(
      pictures.map(({ name }) => name),
      "Pascal VOC",
    );
    return [
      ...pictures.map(({ name, file }) => ({ to: `JPEGImages/${name}`, copyOf: file })),
      ...pictures.map((one, i) => ({ to: `Annotations/${stems[i]}.xml`, text: vocXml(one, classNames) })),
      ...(part.name === ""
        ? []
        : [{ to: `ImageSets/Main/${part.name}.txt`, text: stems.map((s) => `${s}\n`).join("") }]),
    ];
  });
}

function cocoEntries(parts: readonly Part[], classNames: readonly string[]): FolderEntry[] {
  return parts.flatMap(({ name: part, pictures }) => [
    ...pictures.map(({ name, file }) => ({ to: path.posix.join("images", part, name), copyOf: file })),
    {
      to: `annotations/instances${part === "" ? "" : `_${part}`}.json`,
      text: `${JSON.stringify(cocoFile(pictures, classNames))}\n`,
    },
  ]);
}

/** What is held out is called val, without which YOLO's trainers do not begin. */
function yoloEntries(parts: readonly Part[], classNames: readonly string[]): FolderEntry[] {
  const splitOf = ({ name }: Part) => (name === "test" ? "val" : "train");
  const folderFor = (part: Part) => (part.name === "" ? "images" : `images/${splitOf(part)}`);
  const yaml = yoloDataYaml(Object.fromEntries(parts.map((part) => [splitOf(part), folderFor(part)])), classNames);
  return [
    { to: "data.yaml", text: yaml },
    { to: "classes.txt", text: classNames.map((name) => `${name}\n`).join("") },
    ...parts.flatMap((part) => {
      requireDistinctStems(
        part.pictures.map(({ name }) => name),
        "YOLO",
      );
      return part.pictures.flatMap((one): FolderEntry[] => {
        const to = `${folderFor(part)}/${one.name}`;
        return [
          { to, copyOf: one.file },
          { to: yoloLabelPath(to), text: yoloText(one) },
        ];
      });
    }),
  ];
}
