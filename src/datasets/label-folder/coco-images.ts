// The images of one COCO file: by their ids, each with the picture of the folder that its name can mean.
import { z } from "zod";
import type { PixelSize } from "../../core/labels.ts";
import { type CocoId, checked, cocoId } from "./coco-file.ts";
import type { Fault } from "./faults.ts";
import { type FolderFiles, whichPicture, withoutEnding } from "./folder-files.ts";

const lengthPx = z.number().positive().nullish();
const imageSchema = z.object({ id: cocoId, file_name: z.string().min(1), width: lengthPx, height: lengthPx });

/** An image that the file names. */
export interface FoundImage {
  readonly where: string;
  readonly name: string;
  readonly size: PixelSize | null;
  /** Undefined where there is no such picture, or more than one. */
  readonly picture: string | undefined;
}

/** Images by id; what is wrong with them is added to `faults`. */
export function readImages(
  files: FolderFiles,
  { file, images: entries }: { readonly file: string; readonly images: readonly unknown[] },
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
