// A folder with joints as COCO has them (cocodataset.org, "data format", keypoint detection): one JSON file per split; each
// annotation is a person with x, y and visibility of every joint, in pixels from 0. The category names the joints.
import { z } from "zod";
import { ForelossError } from "../../core/errors.ts";
import type { Box, Joint } from "../../core/labels.ts";
import { type Skeleton, skeletonOf } from "../../core/skeleton.ts";
import { type CocoId, checked, cocoId, orThrow, readCocoLists, setName } from "../label-folder/coco-file.ts";
import { type FoundImage, readImages } from "../label-folder/coco-images.ts";
import type { Fault } from "../label-folder/faults.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import { jointsOf, visibilityFault } from "./joint-triples.ts";
import { countLine, type PersonContent, type PersonSets, type StatedPerson } from "./labelled-person.ts";

const categorySchema = z.object({
  id: cocoId,
  name: z.string().min(1),
  keypoints: z.array(z.string().min(1)).nullish(),
  skeleton: z.array(z.tuple([z.number().int(), z.number().int()])).nullish(),
});
const annotationSchema = z.object({
  id: cocoId.nullish(),
  image_id: cocoId,
  category_id: cocoId,
  keypoints: z.array(z.number()).nullish(),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullish(),
  area: z.number().nonnegative().nullish(),
  iscrowd: z.union([z.literal([0, 1]), z.boolean()]).nullish(),
});
type Annotation = z.output<typeof annotationSchema>;

/** One file, parsed; its pictures and annotations are not looked at yet. */
interface KeypointsFile {
  readonly file: string;
  readonly images: readonly unknown[];
  readonly annotations: readonly unknown[];
  /** Ids of the categories that have joints. */
  readonly persons: ReadonlySet<CocoId>;
  readonly skeleton: Skeleton;
}

/** The labels of a folder in this format; undefined when no COCO file has a category with joints. */
export async function openCocoKeypoints(files: FolderFiles): Promise<PersonSets | undefined> {
  const found: KeypointsFile[] = [];
  for (const file of files.all.filter((name) => /\.json$/i.test(name))) {
    const content = await readCocoLists(files, file);
    const parsed = content === undefined ? undefined : keypointsFile(file, content);
    if (parsed !== undefined) found.push(parsed);
  }
  const [first] = found;
  if (first === undefined) return undefined;
  for (const other of found) requireSameJoints(first, other);
  return {
    skeleton: first.skeleton,
    sets: found.map((coco) => ({ name: setName(coco.file), read: async () => readSet(files, coco) })),
  };
}

function keypointsFile(
  file: string,
  { images, annotations, categories }: Record<"images" | "annotations" | "categories", readonly unknown[]>,
): KeypointsFile | undefined {
  const withJoints = categories.flatMap((value, i) => {
    const where = `${file}: categories[${i}]`;
    const { id, keypoints, skeleton } = orThrow(checked(categorySchema, value, where));
    return keypoints == null || keypoints.length === 0 ? [] : [{ id, where, keypoints, bones: skeleton ?? [] }];
  });
  const [person, ...others] = withJoints;
  if (person === undefined) return undefined;
  const other = others.find(({ keypoints }) => keypoints.join() !== person.keypoints.join());
  if (other !== undefined) {
    throw new ForelossError(
      `${other.where}: has other joints than ${person.where}; one kind of skeleton can be trained on`,
    );
  }
  // COCO counts joints from 1.
  const bones = person.bones.map(([a, b]) => [a - 1, b - 1] as const);
  const skeleton = skeletonOf(person.keypoints, bones, person.where);
  return { file, images, annotations, persons: new Set(withJoints.map(({ id }) => id)), skeleton };
}

function requireSameJoints(first: KeypointsFile, other: KeypointsFile): void {
  const [a, b] = [first, other].map(({ skeleton }) => skeleton.jointNames.join(", "));
  if (a === b) return;
  throw new ForelossError(`${other.file}: its joints (${b}) are not those of ${first.file} (${a})`);
}

function readSet(files: FolderFiles, coco: KeypointsFile): PersonContent {
  const faults: Fault[] = [];
  const images = readImages(files, coco, faults);
  const { persons, passedOver } = readPersons(coco, images, faults);
  const pictures = Array.from(images, ([id, { where, picture, size }]) => {
    return picture === undefined
      ? []
      : [{ id: picture, where, size, unit: "pixels" as const, persons: persons.get(id) ?? [] }];
  }).flat();
  const empty = pictures.filter(({ persons }) => persons.length === 0).length;
  return {
    pictures: pictures.filter(({ persons }) => persons.length > 0),
    faults,
    passedOver: [
      ...passedOver,
      ...countLine(coco.file, empty, "picture without a person", "pictures without a person"),
    ],
  };
}

/** Persons by image id. */
function readPersons(
  coco: KeypointsFile,
  images: ReadonlyMap<CocoId, FoundImage>,
  faults: Fault[],
): { persons: Map<CocoId, StatedPerson[]>; passedOver: string[] } {
  const persons = new Map<CocoId, StatedPerson[]>();
  const seen = new Set<CocoId>();
  const passed = { crowd: 0, unlabelled: 0, otherCategory: 0 };
  for (const [i, value] of coco.annotations.entries()) {
    const where = `${coco.file}: annotations[${i}]`;
    const read = checked(annotationSchema, value, where);
    const reason = "fault" in read ? undefined : notUsed(read.data, coco);
    if (reason !== undefined) {
      passed[reason]++;
      continue;
    }
    const wrong = "fault" in read ? read.fault : annotationFault(read.data, coco.skeleton, images, seen);
    if ("fault" in read || wrong !== undefined) {
      faults.push({ ...wrong!, where });
      continue;
    }
    const { id, image_id } = read.data;
    if (id != null) seen.add(id);
    const others = persons.get(image_id) ?? [];
    persons.set(image_id, others);
    others.push(statedPerson(read.data, i, where));
  }
  const passedOver = [
    ...countLine(coco.file, passed.unlabelled, "person without a labelled joint", "persons without a labelled joint"),
    ...countLine(coco.file, passed.crowd, "crowd", "crowds"),
    ...countLine(coco.file, passed.otherCategory, "annotation without joints", "annotations without joints"),
  ];
  return { persons, passedOver };
}

/** Why an annotation is no item, without being wrong. */
function notUsed(
  { category_id, iscrowd, keypoints }: Annotation,
  { persons }: KeypointsFile,
): "crowd" | "unlabelled" | "otherCategory" | undefined {
  if (!persons.has(category_id)) return "otherCategory";
  if (iscrowd) return "crowd";
  const isUnlabelled = keypoints == null || keypoints.every((value, i) => i % 3 !== 2 || value === 0);
  return isUnlabelled ? "unlabelled" : undefined;
}

function annotationFault(
  { id, image_id, keypoints }: Annotation,
  { jointNames }: Skeleton,
  images: ReadonlyMap<CocoId, FoundImage>,
  seen: ReadonlySet<CocoId>,
): Pick<Fault, "kind" | "what"> | undefined {
  if (!images.has(image_id)) {
    return { kind: "missing", what: `image_id ${JSON.stringify(image_id)} is in no entry of images` };
  }
  if (id != null && seen.has(id)) return { kind: "duplicate", what: `id ${JSON.stringify(id)} stands there already` };
  const numbers = keypoints?.length ?? 0;
  if (numbers !== 3 * jointNames.length) {
    return {
      kind: "joint",
      what: `keypoints has ${numbers} numbers; ${jointNames.length} joints have ${3 * jointNames.length}`,
    };
  }
  return visibilityFault(keypoints!, jointNames);
}

function statedPerson({ id, keypoints, bbox, area }: Annotation, position: number, where: string): StatedPerson {
  const joints = jointsOf(keypoints!);
  const box = bbox == null ? boxAround(joints) : boxOf(bbox);
  return { key: String(id ?? position + 1), joints, box, where, ...(area == null ? {} : { areaPx: area }) };
}

function boxOf([left, top, width, height]: readonly [number, number, number, number]): Box {
  return { left, top, right: left + width, bottom: top + height };
}

/** Where a person has no box: the one around its labelled joints. */
function boxAround(joints: readonly Joint[]): Box {
  const labelled = joints.filter(({ visibility }) => visibility > 0);
  const [xs, ys] = [labelled.map(({ x }) => x), labelled.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
