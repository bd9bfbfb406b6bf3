// Pictures that lie in files: decoded when first read and then kept as bytes, so that later epochs cost nothing.
import type { ImageSize, Split } from "./dataset.ts";
import { inParallel } from "./in-parallel.ts";
import { isJpegName, type JpegReader } from "./jpeg-reader.ts";
import { type PictureSize, pictureThumbnail, readPicture } from "./read-picture.ts";

/** Bytes of decoded pictures that one source keeps: 1 GiB, about 350,000 pictures of 32 x 32 or 7,000 of 224 x 224. */
export const cacheLimitBytes = 2 ** 30;

/**
 * Pictures handed to the decoder at one time. No more than its threads (libuv's, 4 by default) are decoded together; the
 * others wait there and not here, so that they are decoded too while a training step keeps this thread busy.
 */
export const decodesAtOnce = 128;

/** Custom for pictures from anywhere: mean and deviation of ImageNet (Russakovsky et al. 2015) as torchvision states them. */
export const imageNetNormalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

export interface PictureSource {
  readonly imageSize: ImageSize;
  /** Fills `into` with the pictures of files number `numbers`, as `Split.read` does. */
  read(numbers: Uint32Array, into: Uint8Array): Promise<void>;
  thumbnail: Split["thumbnail"];
}

export interface SourceOptions {
  /** Bytes of decoded pictures to keep; 0 for pictures that are read once. */
  readonly limitBytes?: number;
  readonly jpegs?: JpegReader | undefined;
}

/** A source over a list of files. */
export function pictureSource(
  files: readonly string[],
  size: PictureSize,
  { limitBytes, jpegs }: SourceOptions = {},
): PictureSource {
  const decoder: Decoder = {
    sidePx: size.sidePx,
    decode: (wanted) =>
      decode(
        wanted.map((one) => ({ ...one, file: files[one.number]! })),
        size,
        jpegs,
      ),
    thumbnail: (number, sidePx) => pictureThumbnail(files[number]!, sidePx),
  };
  return cachedSource(decoder, limitBytes);
}

/** How pictures are had by their numbers. */
export interface Decoder {
  readonly sidePx: number;
  /** Fills every place, [3, sidePx, sidePx] bytes. */
  decode(wanted: readonly WantedPicture[]): Promise<void>;
  thumbnail: Split["thumbnail"];
}

export interface WantedPicture {
  readonly number: number;
  readonly place: Uint8Array;
}

/**
 * Until `limitBytes` are used every decoded picture is kept; those that come later are decoded anew each time, since what is
 * read in random order gains nothing from throwing out the oldest.
 */
export function cachedSource({ sidePx, decode, thumbnail }: Decoder, limitBytes = cacheLimitBytes): PictureSource {
  const pictureBytes = 3 * sidePx ** 2;
  const kept = new Map<number, Uint8Array>();
  const capacity = Math.floor(limitBytes / pictureBytes);
  const keep = (number: number, picture: Uint8Array) => {
    if (kept.size < capacity) kept.set(number, picture.slice());
  };
  return {
    imageSize: { width: sidePx, height: sidePx, channels: 3 },
    read: async (numbers, into) => {
      const wanted: WantedPicture[] = [];
      for (const [i, number] of numbers.entries()) {
        const place = into.subarray(i * pictureBytes, (i + 1) * pictureBytes);
        const known = kept.get(number);
        if (known === undefined) wanted.push({ number, place });
        else place.set(known);
      }
      await decode(wanted);
      for (const { number, place } of wanted) keep(number, place);
    },
    thumbnail,
  };
}

/** A file and where its pixels go. */
interface Wanted extends WantedPicture {
  readonly file: string;
}

async function decode(wanted: readonly Wanted[], size: PictureSize, jpegs: JpegReader | undefined): Promise<void> {
  const left = jpegs === undefined ? wanted : await leftBy(jpegs, wanted, size);
  await inParallel(left, decodesAtOnce, async ({ file, place }) => place.set(await readPicture(file, size)));
}

/** Has the fast reader decode what it can, and gives what it leaves. */
async function leftBy(jpegs: JpegReader, wanted: readonly Wanted[], size: PictureSize): Promise<Wanted[]> {
  const named = wanted.filter(({ file }) => isJpegName(file));
  if (named.length === 0) return [...wanted];
  const { pixels, done } = await jpegs.read(
    named.map(({ file }) => file),
    size,
  );
  const read = new Set(named.filter((_, i) => done[i] === 1));
  for (const [i, { place }] of named.entries()) {
    if (done[i] === 1) place.set(pixels.subarray(i * place.length, (i + 1) * place.length));
  }
  return wanted.filter((one) => !read.has(one));
}

/** The part of a source that holds files number `numbers`. */
export function sourceSplit<Label>(
  source: PictureSource,
  numbers: Uint32Array,
  ids: readonly string[],
  labels: Split<Label>["labels"],
): Split<Label> {
  return {
    ids,
    labels,
    read: (positions, into) =>
      source.read(
        positions.map((position) => numbers[position]!),
        into,
      ),
    thumbnail: (position, sidePx) => source.thumbnail(numbers[position]!, sidePx),
  };
}
