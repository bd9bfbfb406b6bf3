// The entries of one COCO file: images, and annotations whose box is [x, y, width, height] in pixels from 0, fractions too.
import { z } from "zod";
import { describeProblems } from "../../records/describe-problems.ts";
import { type Fault, FaultError } from "../label-folder/faults.ts";
import { type FolderFiles, withoutEnding } from "../label-folder/folder-files.ts";
import type { LabelledPicture, SetContent, StatedObject } from "./labelled-picture.ts";

/** One file; its images and annotations are not looked at yet. */
export interface CocoFile {
  readonly file: string;
  readonly images: readonly unknown[];
  readonly annotations: readonly unknown[];
  /** Class name by id. */
  readonly categories: ReadonlyMap<CocoId, string>;
}

export const cocoId = z.union([z.number(), z.string()]);
const lengthPx = z.number().positive().nullish();
const imageSchema = z.object({ id: cocoId, file_name: z.string().min(1), width: lengthPx, height: lengthPx });
const annotationSchema = z.object({
  id: cocoId.nullish(),
  image_id: cocoId,
  category_id: cocoId,
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  iscrowd: z.union([z.literal([0, 1]), z.boolean()]).nullish(),
});
export const categorySchema = z.object({ id: cocoId, name: z.string().min(1) });

/** Whole numbers, but for some tools that write texts. */
export type CocoId = z.output<typeof cocoId>;
type Annotation = z.output<typeof annotationSchema>;

/** An image that the file names. */
export interface FoundImage {
  readonly where: string;
  readonly name: string;
  readonly size: LabelledPicture["size"];
  /** Undefined where there is no such picture, or more than one. */
  readonly picture: string | undefined;
}

export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): { data: T } | { fault: Fault } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  return { fault: { kind: "malformed", where, what: describeProblems(schema, value, parsed.error).join("; ") } };
}

/** What `checked` gives, or its fault thrown. */
export function orThrow<T>(outcome: ReturnType<typeof checked<T>>): T {
  if ("fault" in outcome) throw new FaultError(outcome.fault);
  return outcome.data;
}

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

/** Images by id; what is wrong with them is added to `faults`. */
export function readImages(
  files: FolderFiles,
  { file, images: entries }: Pick<CocoFile, "file" | "images">,
  faults: Fault[],
): Map<CocoId, FoundImage> {
  const images = new Map<CocoId, FoundImage>();
  const read = entries.map((value, i) => checked(imageSchema, value, `${file}: images[${i}]`));
  const find = pictureSearch(
    files,
    file,
    read.flatMap((image) => ("data" in image ? [image.data.file_name] : [])),
  );
  for (const [i, image] of read.entries()) {
    const where = `${file}: images[${i}]`;
    if ("fault" in image) {
      faults.push(image.fault);
      continue;
    }
    const { id, file_name: name, width, height } = image.data;
    const before = images.get(id);
    const found = find(name);
    if (before !== undefined) {
      const what = `id ${JSON.stringify(id)} is that of "${before.name}" too`;
      faults.push({ kind: "duplicate", where, what, id: before.picture });
      continue;
    }
    if (found.length !== 1) faults.push(whichPicture(files, name, found, where));
    const size = width == null || height == null ? null : { width, height };
    images.set(id, { where, name, size, picture: found.length === 1 ? found[0] : undefined });
  }
  return images;
}

/**
 * Finds the pictures that names can mean. Names are paths from one folder, which the file does not name: it is the one below
 * which most of them are there.
 */
function pictureSearch(
  files: FolderFiles,
  file: string,
  names: readonly string[],
): (name: string) => readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    for (const picture of files.meant(name, file)) {
      if (!picture.endsWith(name)) continue;
      const folder = picture.slice(0, picture.length - name.length);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return (name) => {
    const expected = `${most?.[0] ?? ""}${name}`;
    return files.withStem(withoutEnding(expected)).includes(expected) ? [expected] : files.meant(name, file);
  };
}

/** Why a picture that a label names is not the one found. */
export function whichPicture(files: FolderFiles, name: string, found: readonly string[], where: string): Fault {
  if (found.length > 1) return { kind: "ambiguous", where, what: `"${name}" fits ${found.join(" and ")}` };
  const note = files.otherFormatNote(withoutEnding(name));
  return { kind: "missing", where, what: `there is no picture "${name}"${note}` };
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
