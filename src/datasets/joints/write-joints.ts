// Writes a whole folder of pictures with persons in one of the formats, as their trainers expect it.

import path from "node:path";
import { groupBy } from "../../core/group-by.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import { requireDistinctStems } from "../label-folder/written-names.ts";
import { yoloLabelPath } from "../label-folder/yolo-folder.ts";
import { type FolderEntry, sharedFolder, writeFolder } from "../write-folder.ts";
import type { PersonItem } from "./person-faults.ts";
import { cocoKeypointsFile } from "./write-coco-keypoints.ts";
import { yoloPoseDataYaml, yoloPoseText } from "./write-yolo-pose.ts";
import type { PicturePersons } from "./written-person.ts";

export type WrittenJointFormat = "coco-keypoints" | "yolo-pose";

type Person = Pick<PersonItem, "picture" | "label">;

export interface JointsToWrite {
  /** Folder that the pictures' paths begin at. */
  readonly root: string;
  readonly skeleton: Skeleton;
  readonly train: readonly Person[];
  /** Null where nothing is held out: the folder then has no split. */
  readonly test: readonly Person[] | null;
}

interface Part {
  /** Empty for a folder without a split. */
  readonly name: "train" | "test" | "";
  readonly pictures: readonly (PicturePersons & { readonly file: string })[];
}

const layouts: Readonly<Record<WrittenJointFormat, (parts: readonly Part[], skeleton: Skeleton) => FolderEntry[]>> = {
  "coco-keypoints": cocoEntries,
  "yolo-pose": yoloEntries,
};

/** Throws a `ForelossError` when `folder` is there and not empty, or the format cannot hold a name; nothing is written then. */
export async function writeJoints(folder: string, format: WrittenJointFormat, joints: JointsToWrite): Promise<void> {
  await writeFolder(folder, () => layouts[format](partsOf(joints), joints.skeleton));
}

function partsOf({ root, train, test }: JointsToWrite): Part[] {
  const part = (name: Part["name"], persons: readonly Person[]): Part => {
    const byPicture = groupBy(persons, ({ picture }) => picture);
    const shared = sharedFolder([...byPicture.keys()]);
    const pictures = Array.from(byPicture, ([id, own]) => ({
      name: id.slice(shared.length),
      file: path.join(root, id),
      size: own[0]!.label.size,
      persons: own.map(({ label }) => label),
    }));
    return { name, pictures };
  };
  return test === null ? [part("", train)] : [part("train", train), part("test", test)];
}

function cocoEntries(parts: readonly Part[], skeleton: Skeleton): FolderEntry[] {
  return parts.flatMap(({ name: part, pictures }) => [
    ...pictures.map(({ name, file }) => ({ to: path.posix.join("images", part, name), copyOf: file })),
    {
      to: `annotations/person_keypoints${part === "" ? "" : `_${part}`}.json`,
      text: `${JSON.stringify(cocoKeypointsFile(pictures, skeleton))}\n`,
    },
  ]);
}

/** What is held out is called val, without which YOLO's trainers do not begin. */
function yoloEntries(parts: readonly Part[], skeleton: Skeleton): FolderEntry[] {
  const splitOf = ({ name }: Part) => (name === "test" ? "val" : "train");
  const folderFor = (part: Part) => (part.name === "" ? "images" : `images/${splitOf(part)}`);
  const places = Object.fromEntries(parts.map((part) => [splitOf(part), folderFor(part)]));
  const labels = parts.flatMap((part) => {
    requireDistinctStems(
      part.pictures.map(({ name }) => name),
      "YOLO",
    );
    return part.pictures.flatMap((picture): FolderEntry[] => {
      const to = `${folderFor(part)}/${picture.name}`;
      return [
        { to, copyOf: picture.file },
        { to: yoloLabelPath(to), text: yoloPoseText(picture) },
      ];
    });
  });
  return [{ to: "data.yaml", text: yoloPoseDataYaml(places, skeleton) }, ...labels];
}
