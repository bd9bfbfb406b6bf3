// A split whose pictures all lie in memory as bytes, for data sets of small pictures (CIFAR-10, the made-up one).
import sharp from "sharp";
import type { ImageSize, Split } from "./dataset.ts";
import { digestOf } from "./digest.ts";

export interface PicturesInMemory<Labels = Int32Array> {
  readonly ids: readonly string[];
  /** One per item: class indices, or whatever the task's labels are. */
  readonly labels: Labels;
  readonly modes?: readonly string[];
  readonly pixels: Uint8Array; // [items, channels, height, width]
}

/** The pictures as a split. `pixels` is kept, not copied. */
export function memorySplit<Label>(pictures: PicturesInMemory<Split<Label>["labels"]>, size: ImageSize): Split<Label> {
  const pictureBytes = size.channels * size.height * size.width;
  const pictureAt = (position: number) => {
    if (position >= pictures.ids.length) throw new RangeError(`position ${position} of ${pictures.ids.length} items`);
    return pictures.pixels.subarray(position * pictureBytes, (position + 1) * pictureBytes);
  };
  return {
    ids: pictures.ids,
    labels: pictures.labels,
    ...(pictures.modes === undefined ? {} : { modes: pictures.modes }),
    read: async (positions, into) => {
      positions.forEach((position, i) => {
        into.set(pictureAt(position), i * pictureBytes);
      });
    },
    thumbnail: (position, sidePx) => thumbnailOf(pictureAt(position), size, sidePx),
  };
}

/** Digest over everything two splits hold. */
export function digestInMemory(
  classNames: readonly string[],
  splits: readonly PicturesInMemory<Int32Array | readonly object[]>[],
): string {
  const bytes = (labels: Int32Array | readonly object[]) =>
    labels instanceof Int32Array ? labels : JSON.stringify(labels);
  return digestOf([
    classNames.join("\n"),
    ...splits.flatMap((split) => [split.ids.join("\n"), bytes(split.labels), split.pixels]),
  ]);
}

/** A picture as PNG, never enlarged: a page that shows small pictures larger does it without blurring them. */
export async function thumbnailOf(
  planes: Uint8Array, // [channels, height, width]
  size: ImageSize,
  sidePx: number,
): ReturnType<Split["thumbnail"]> {
  const { width, height, channels } = size;
  const bytes = await sharp(interleaved(planes, size), { raw: { width, height, channels } })
    .resize(sidePx, sidePx, { fit: "inside", withoutEnlargement: true })
    .png()
    .toBuffer();
  return { mime: "image/png", bytes };
}

/** [channels, height, width] as [height, width, channels]. */
function interleaved(planes: Uint8Array, { width, height, channels }: ImageSize): Uint8Array {
  const area = width * height;
  return Uint8Array.from(planes, (_, i) => planes[(i % channels) * area + Math.floor(i / channels)]!);
}
