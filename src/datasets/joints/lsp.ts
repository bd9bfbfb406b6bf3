// A folder with joints as the Leeds Sports Pose data sets have them (Johnson & Everingham 2010 and 2011): joints.mat beside
// images/im0001.jpg and so on, one person a picture and fourteen joints; or annotations.json, the same written out.

import { z } from "zod";
import { ForelossError } from "../../core/errors.ts";
import { groupBy } from "../../core/group-by.ts";
import type { Joint } from "../../core/labels.ts";
import { type Skeleton, skeletonOf } from "../../core/skeleton.ts";
import { describeProblems } from "../../records/describe-problems.ts";
import { parseJson } from "../../records/parse-json.ts";
import type { Fault } from "../label-folder/faults.ts";
import { below, type FolderFiles, folderOf, whichPicture } from "../label-folder/folder-files.ts";
import { noJoint, type PersonContent, type PersonPicture, type PersonSet, type PersonSets } from "./labelled-person.ts";
import { type MatValue, readMatFile } from "./mat-file.ts";

const jointNames = [
  ...["right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle"],
  ...["right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist", "neck", "head_top"],
];
const bones = [
  ...[
    [0, 1],
    [1, 2],
    [2, 12],
    [3, 12],
    [3, 4],
    [4, 5],
  ],
  ...[
    [6, 7],
    [7, 8],
    [8, 12],
    [9, 12],
    [9, 10],
    [10, 11],
    [12, 13],
  ],
] as [number, number][];

/** The labels of a folder in this format; undefined when there is neither a joints.mat nor an annotations.json of this kind. */
export async function openLsp(files: FolderFiles): Promise<PersonSets | undefined> {
  const written = await openConverted(files);
  if (written !== undefined) return written;
  const mats = files.all.filter((file) => /(?:^|\/)joints\.mat$/i.test(file));
  if (mats.length === 0) return undefined;
  const skeleton = skeletonOf(jointNames, bones, mats[0]!);
  const sets = await Promise.all(mats.map((file) => setsOf(files, file)));
  return { skeleton, sets: sets.flat() };
}

/** Of the 2,000 pictures of the first data set the second half is for testing; the extended one is all for training. */
async function setsOf(files: FolderFiles, file: string): Promise<PersonSet[]> {
  const persons = personsOf(readMatFile(await files.read(file), file).get("joints"), file);
  const folder = folderOf(file);
  const set = (name: string, first: number, end: number): PersonSet => ({
    name: below(folder, name),
    read: async () => contentOf(files, file, persons.slice(first, end), first),
  });
  const half = persons.length / 2;
  return persons.length === 2000 ? [set("train", 0, half), set("test", half, 2 * half)] : [set("", 0, persons.length)];
}

/** Joints of each person. LSP keeps them as 3 x 14 x persons and marks hidden ones; LSPET as 14 x 3 x persons, labelled ones. */
function personsOf(value: MatValue | undefined, file: string): Joint[][] {
  const shape = value?.kind === "numbers" ? value.shape : [];
  const [rows, columns, count] = shape;
  if (
    value?.kind !== "numbers" ||
    count === undefined ||
    Math.min(rows!, columns!) !== 3 ||
    Math.max(rows!, columns!) !== 14
  ) {
    throw new ForelossError(`${file}: needs an array "joints" of 3 x 14 x persons or 14 x 3 x persons, has [${shape}]`);
  }
  const jointsInRows = rows === 14;
  const entry = (part: number, joint: number, person: number) =>
    value.values[person * 42 + (jointsInRows ? part * 14 + joint : joint * 3 + part)]!;
  return Array.from({ length: count }, (_, person) =>
    jointNames.map((_, joint): Joint => {
      const flag = entry(2, joint, person);
      if (jointsInRows && flag === 0) return noJoint;
      // MATLAB counts pixels from 1.
      const [x, y] = [entry(0, joint, person) - 1, entry(1, joint, person) - 1];
      return { x, y, visibility: jointsInRows || flag === 0 ? 2 : 1 };
    }),
  );
}

/** Person number n (from 1) is in the picture im000n of the folder or of images/ in it. */
function contentOf(files: FolderFiles, file: string, persons: readonly Joint[][], first: number): PersonContent {
  const places = ["images", ""].map((name) => below(folderOf(file), name));
  const numbered = groupBy(
    files.pictures.filter((picture) => places.includes(folderOf(picture))),
    (picture) => /(?:^|\/)im0*(\d+)\.[a-z]+$/i.exec(picture)?.[1] ?? "",
  );
  const faults: Fault[] = [];
  const pictures = persons.flatMap((joints, i): PersonPicture[] => {
    const number = first + i + 1;
    const where = `${file}: joints(:, :, ${number})`;
    const found = numbered.get(String(number)) ?? [];
    if (found.length !== 1) {
      faults.push(whichPicture(files, `im${String(number).padStart(4, "0")}.jpg`, found, where));
      return [];
    }
    return [{ id: found[0]!, where, size: null, unit: "pixels", persons: [{ key: null, joints, box: null, where }] }];
  });
  return { pictures, faults, passedOver: [] };
}

const jointSchema = z.tuple([z.number(), z.number(), z.literal([0, 1, 2])]);
const imageSchema = z.looseObject({
  file: z.string().min(1),
  width: z.number().positive(),
  height: z.number().positive(),
  split: z.string().nullish(),
  joints: z.array(jointSchema),
});
const convertedSchema = z.looseObject({
  joint_names: z.array(z.string().min(1)).min(1),
  skeleton: z.array(z.tuple([z.number().int(), z.number().int()])).default([]),
  images: z.array(z.unknown()),
});

/** annotations.json: `joint_names`, `skeleton` from 0, and `images` with `file`, size, `split` and `joints` (x, y, 1 where labelled). */
async function openConverted(files: FolderFiles): Promise<PersonSets | undefined> {
  const file = files.all.find((name) => /(?:^|\/)annotations\.json$/i.test(name));
  const text = file === undefined ? "" : await files.text(file);
  if (file === undefined || !text.includes('"joint_names"')) return undefined;
  const value = parseJson(text, file);
  const parsed = convertedSchema.safeParse(value);
  if (!parsed.success) {
    throw new ForelossError(
      describeProblems(convertedSchema, value, parsed.error)
        .map((line) => `${file}: ${line}`)
        .join("\n"),
    );
  }
  const { joint_names: names, skeleton: lines, images } = parsed.data;
  const skeleton = skeletonOf(names, lines, file);
  const entries = images.map((image, i) => readEntry(files, image, skeleton, file, `${file}: images[${i}]`));
  const splits = groupBy(
    entries.filter(({ split }) => split !== undefined),
    ({ split }) => split!,
  );
  if (splits.size === 0) splits.set("", []);
  // What cannot be read tells no split: it is listed with the first.
  const strays = entries.filter(({ split }) => split === undefined);
  return {
    skeleton,
    sets: Array.from(splits, ([name, own], i) => ({
      name,
      read: async () => contentOfEntries(i === 0 ? [...own, ...strays] : own),
    })),
  };
}

function contentOfEntries(entries: readonly Entry[]): PersonContent {
  return {
    pictures: entries.flatMap(({ picture }) => picture ?? []),
    faults: entries.flatMap(({ fault }) => fault ?? []),
    passedOver: [],
  };
}

interface Entry {
  /** Undefined where the entry cannot be read. */
  readonly split: string | undefined;
  readonly picture?: PersonPicture;
  readonly fault?: Fault;
}

function readEntry(files: FolderFiles, value: unknown, { jointNames }: Skeleton, file: string, where: string): Entry {
  const parsed = imageSchema.safeParse(value);
  if (!parsed.success) {
    const what = describeProblems(imageSchema, value, parsed.error).join("; ");
    return { split: undefined, fault: { kind: "malformed", where, what } };
  }
  const { file: name, width, height, joints } = parsed.data;
  const split = parsed.data.split ?? "";
  if (joints.length !== jointNames.length) {
    return {
      split,
      fault: { kind: "joint", where, what: `${joints.length} joints; joint_names has ${jointNames.length}` },
    };
  }
  const found = files.meant(name, file);
  if (found.length !== 1) {
    return { split, fault: whichPicture(files, name, found, where) };
  }
  const read = joints.map(([x, y, flag]): Joint => (flag === 0 ? noJoint : { x, y, visibility: 2 }));
  const persons = [{ key: null, joints: read, box: null, where }];
  return { split, picture: { id: found[0]!, where, size: { width, height }, unit: "pixels", persons } };
}
