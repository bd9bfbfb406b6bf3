// The crops of persons, cut out of their pictures when they are first read and then kept as bytes.
import { followedBy, moved } from "../../core/affine.ts";
import type { PixelSize, PoseLabel } from "../../core/labels.ts";
import { cropBack } from "../../core/person-crop.ts";
import { inParallel } from "../in-parallel.ts";
import { thumbnailOf } from "../memory-split.ts";
import { cachedSource, decodesAtOnce, type PictureSource, type WantedPicture } from "../picture-source.ts";
import { readRegion } from "../read-picture.ts";
import { warp } from "../warp.ts";

export interface PersonFile {
  /** Path of the picture. */
  readonly file: string;
  readonly label: Pick<PoseLabel, "size" | "box">;
}

/** A source over persons, keeping up to `limitBytes`: their crops, also as thumbnails, so that what a model says of a crop can be drawn over it. */
export function personSource(persons: readonly PersonFile[], sidePx: number, limitBytes?: number): PictureSource {
  const decoder = {
    sidePx,
    decode: async (wanted: readonly WantedPicture[]) => {
      await inParallel(wanted, decodesAtOnce, async ({ number, place }) => {
        place.set(await readCrop(persons[number]!, sidePx));
      });
    },
    thumbnail: async (number: number, thumbnailPx: number) => {
      const size = { width: thumbnailPx, height: thumbnailPx, channels: 3 } as const;
      return await thumbnailOf(await readCrop(persons[number]!, thumbnailPx), size, thumbnailPx);
    },
  };
  return cachedSource(decoder, limitBytes);
}

/** The crop that follows from the person's box, as [3, sidePx, sidePx] bytes; black where it reaches out of the picture. */
export async function readCrop({ file, label }: PersonFile, sidePx: number): Promise<Uint8Array> {
  const into = { bytes: new Uint8Array(3 * sidePx * sidePx), width: sidePx, height: sidePx };
  const back = cropBack(label.box, sidePx);
  const region = regionSeen(moved(back, 0, 0), back.a * sidePx, label.size);
  // Shrinking takes all pixels into account, which the warp would not.
  const scale = Math.min(1, 1 / back.a);
  const size = {
    width: Math.max(1, Math.round(region.width * scale)),
    height: Math.max(1, Math.round(region.height * scale)),
  };
  const toRegion = {
    ...{ a: size.width / region.width, b: 0, c: (-region.left * size.width) / region.width },
    ...{ d: 0, e: size.height / region.height, f: (-region.top * size.height) / region.height },
  };
  warp({ bytes: await readRegion(file, region, size), ...size }, into, followedBy(back, toRegion));
  return into.bytes;
}

/** The whole pixels of a picture that a square shows, and a margin of one; one pixel where it shows none. */
function regionSeen(corner: { x: number; y: number }, side: number, { width, height }: PixelSize) {
  const along = (from: number, extent: number) => {
    const start = Math.min(extent - 1, Math.max(0, Math.floor(from) - 1));
    return { start, length: Math.max(1, Math.min(extent, Math.ceil(from + side) + 1) - start) };
  };
  const [x, y] = [along(corner.x, width), along(corner.y, height)];
  return { left: x.start, top: y.start, width: x.length, height: y.length };
}
