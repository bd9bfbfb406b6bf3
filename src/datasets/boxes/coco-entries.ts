// The entries of one COCO file: images, and annotations whose box is [x, y, width, height] in pixels from 0, fractions too.
import { z } from "zod";
import { type CocoId, checked, cocoId } from "../label-folder/coco-file.ts";
import { type FoundImage, readImages } from "../label-folder/coco-images.ts";
import type { Fault } from "../label-folder/faults.ts";
import type { FolderFiles } from "../label-folder/folder-files.ts";
import type { LabelledPicture, SetContent, StatedObject } from "./labelled-picture.ts";

/** One file; its images and annotations are not looked at yet. */
export interface CocoFile {
  readonly file: string;
  readonly images: readonly unknown[];
  readonly annotations: readonly unknown[];
  /** Class name by id. */
  readonly categories: ReadonlyMap<CocoId, string>;
}

const annotationSchema = z.object({
  id: cocoId.nullish(),
  image_id: cocoId,
  category_id: cocoId,
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  iscrowd: z.union([z.literal([0, 1]), z.boolean()]).nullish(),
});
export const categorySchema = z.object({ id: cocoId, name: z.string().min(1) });

type Annotation = z.output<typeof annotationSchema>;

/** The pictures of a file with their objects, and what is wrong with its entries. */
export function readCocoSet(files: FolderFiles, coco: CocoFile): SetContent {
  const faults: Fault[] = [];
  const images = readImages(files, coco, faults);
  const objects = readObjects(coco, images, faults);
  const pictures = [...images].flatMap(([imageId, { where, size, picture }]): LabelledPicture[] =>
    picture === undefined ? [] : [{ id: picture, where, size, unit: "pixels", objects: objects.get(imageId) ?? [] }],
  );
  return { pictures, faults, unlabelled: [] };
}

/** Objects by image id. */
function readObjects(
  { file, annotations, categories }: CocoFile,
  images: ReadonlyMap<CocoId, FoundImage>,
  faults: Fault[],
): Map<CocoId, StatedObject[]> {
  const objects = new Map<CocoId, StatedObject[]>();
  const seen = new Set<CocoId>();
  for (const [i, value] of annotations.entries()) {
    const where = `${file}: annotations[${i}]`;
    const read = checked(annotationSchema, value, where);
    const wrong = "fault" in read ? read.fault : annotationFault(read.data, images, categories, seen);
    if ("fault" in read || wrong !== undefined) {
      faults.push({ ...wrong!, where, id: owner(value, images) });
      continue;
    }
    const { id, image_id } = read.data;
    if (id != null) seen.add(id);
    const others = objects.get(image_id);
    const object = statedObject(read.data, categories, where);
    if (others === undefined) objects.set(image_id, [object]);
    else others.push(object);
  }
  return objects;
}

const ownedSchema = annotationSchema.pick({ image_id: true });

/** The picture that an annotation is of, as far as it says so. */
function owner(annotation: unknown, images: ReadonlyMap<CocoId, FoundImage>): string | undefined {
  const named = ownedSchema.safeParse(annotation);
  return named.success ? images.get(named.data.image_id)?.picture : undefined;
}

function statedObject(
  { category_id, bbox: [left, top, width, height], iscrowd }: Annotation,
  categories: ReadonlyMap<CocoId, string>,
  where: string,
): StatedObject {
  const box = { left, top, right: left + width, bottom: top + height };
  return { className: categories.get(category_id)!, box, where, ...(iscrowd ? { crowd: true } : {}) };
}

function annotationFault(
  { id, image_id, category_id }: Annotation,
  images: ReadonlyMap<CocoId, FoundImage>,
  categories: ReadonlyMap<CocoId, string>,
  seen: ReadonlySet<CocoId>,
): Pick<Fault, "kind" | "what"> | undefined {
  if (!images.has(image_id)) {
    return { kind: "missing", what: `image_id ${JSON.stringify(image_id)} is in no entry of images` };
  }
  if (!categories.has(category_id)) {
    const known = [...categories.keys()].join(", ");
    return { kind: "class", what: `category_id ${JSON.stringify(category_id)} is not one of ${known}` };
  }
  if (id == null || !seen.has(id)) return undefined;
  return { kind: "duplicate", what: `id ${JSON.stringify(id)} stands there already` };
}
