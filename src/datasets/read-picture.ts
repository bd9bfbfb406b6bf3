// Reads one picture file as bytes of a fixed size, whatever it was: the EXIF orientation is applied, transparent parts
// become white, and grey, CMYK, palette and 16-bit pictures become 3 x 8 bit sRGB. Decoding and resizing run on the
// threads of `sharp` (libvips), never on the main one.
import { open, readFile } from "node:fs/promises";
import sharp, { type Metadata } from "sharp";
import { ForelossError } from "../core/errors.ts";
import type { PixelSize } from "../core/labels.ts";
import { isWholePng } from "./whole-png.ts";

/** The formats that are read, as their file names end (any case). */
export const pictureExtensions = [".jpg", ".jpeg", ".png", ".webp"] as const;

/**
 * What a picture is brought to: a square of this side. `fit` pads with black, `crop` fills it and cuts what stands out,
 * `warp` stretches width and height apart, so that boxes move with the sides of the picture.
 */
export interface PictureSize {
  readonly sidePx: number;
  readonly resize: "fit" | "crop" | "warp";
}

const resizing = {
  fit: { fit: "contain", background: "black" },
  crop: { fit: "cover" },
  warp: { fit: "fill" },
} as const;

/** More pixels than any camera's pictures have; what claims more is taken for damaged or hostile and never decoded. */
export const limitPixels = 200_000_000;

/** Damage that leaves pixels undefined is an error; what a decoder merely warns about is not. */
const options = { limitInputPixels: limitPixels, failOn: "error" } as const;

/**
 * The picture as [3, sidePx, sidePx] bytes. Throws a `ForelossError` that names the file when it cannot be decoded.
 */
export async function readPicture(file: string, { sidePx, resize }: PictureSize): Promise<Uint8Array> {
  const square = sharp(file, options)
    .autoOrient()
    .resize(sidePx, sidePx, resizing[resize])
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" });
  return inPlanes(await orUnreadable(file, square.toBuffer()));
}

/** A part of a picture in whole pixels, brought to another size: [3, height, width] bytes. Throws as `readPicture` does. */
export async function readRegion(
  file: string,
  region: PixelSize & { readonly left: number; readonly top: number },
  { width, height }: PixelSize,
): Promise<Uint8Array> {
  const part = sharp(file, options)
    .autoOrient()
    .extract(region)
    .resize(width, height, { fit: "fill" })
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" });
  return inPlanes(await orUnreadable(file, part.toBuffer()));
}

/** The whole picture as a small JPEG, never enlarged. */
export async function pictureThumbnail(file: string, sidePx: number): Promise<{ mime: string; bytes: Uint8Array }> {
  const small = sharp(file, options)
    .autoOrient()
    .resize(sidePx, sidePx, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "white" })
    .jpeg({ quality: 85 });
  return { mime: "image/jpeg", bytes: await orUnreadable(file, small.toBuffer()) };
}

/** What a picture file says of itself: its size as it is shown (EXIF orientation applied), or why it cannot be used. */
export type Examined = { readonly size: PixelSize } | { readonly fault: string };

/**
 * Looks at a picture file. A large folder has to open fast, so a file
 * is decoded only where something about it is odd: a JPEG that does not end as one (a decoder copes with damage in its
 * middle), a PNG whose checksums are wrong. A WebP file says too little of itself: its damage shows when it is read.
 */
export async function examinePicture(file: string): Promise<Examined> {
  let header: Metadata;
  try {
    header = await sharp(file, { limitInputPixels: false }).metadata();
  } catch (error) {
    return { fault: `not readable (${reason(error)})` };
  }
  if (!isFormat(header.format)) return { fault: `holds ${header.format}, not JPEG, PNG or WebP` };
  if (header.width * header.height > limitPixels) {
    return { fault: `${header.width} x ${header.height} pixels, more than ${limitPixels}` };
  }
  const fault = (await seemsWhole[header.format](file)) ? undefined : await decodingFault(file);
  const { width, height } = header.autoOrient;
  return fault === undefined ? { size: { width, height } } : { fault };
}

/** libvips itself looks for the end of a WebP file when it reads the header. */
const seemsWhole = {
  jpeg: (file: string) => endsWith(file, Buffer.from([0xff, 0xd9])),
  png: async (file: string) => isWholePng(await readFile(file)),
  webp: async () => true,
};

function isFormat(name: string): name is keyof typeof seemsWhole {
  return Object.hasOwn(seemsWhole, name);
}

async function endsWith(file: string, ending: Buffer): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(ending.length);
    await handle.read(last, 0, last.length, Math.max(0, size - last.length));
    return last.equals(ending);
  } finally {
    await handle.close();
  }
}

async function decodingFault(file: string): Promise<string | undefined> {
  try {
    await sharp(file, options).resize(8, 8).raw().toBuffer();
    return undefined;
  } catch (error) {
    return `not decodable (${reason(error)})`;
  }
}

async function orUnreadable(file: string, decoded: Promise<Buffer>): Promise<Buffer> {
  try {
    return await decoded;
  } catch (error) {
    throw new ForelossError(`${file}: the picture cannot be decoded (${reason(error)})`, {
      hint: "Replace or remove the file and start again.",
      cause: error,
    });
  }
}

/** The first line of what libvips says. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!.trim();
}

/** [height, width, 3] as [3, height, width]. */
function inPlanes(interleaved: Uint8Array): Uint8Array {
  const area = interleaved.length / 3;
  const planes = new Uint8Array(interleaved.length);
  for (let i = 0, at = 0; i < area; i++) {
    planes[i] = interleaved[at++]!;
    planes[area + i] = interleaved[at++]!;
    planes[2 * area + i] = interleaved[at++]!;
  }
  return planes;
}
