// Reads one picture file as bytes of a fixed size, whatever it was: the EXIF orientation is applied, transparent parts
// become white, and grey, CMYK, palette and 16-bit pictures become 3 x 8 bit sRGB. Decoding and resizing run on the
// threads of `sharp` (libvips), never on the main one.
import { open } from "node:fs/promises";
import sharp, { type Metadata } from "sharp";
import { ForelossError } from "../core/errors.ts";

/** The formats that are read, as their file names end (any case). */
export const pictureExtensions = [".jpg", ".jpeg", ".png", ".webp"] as const;

/** What a picture is brought to: a square of this side; `fit` pads with black, `crop` fills it and cuts what stands out. */
export interface PictureSize {
  readonly sidePx: number;
  readonly resize: "fit" | "crop";
}

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
    .resize(sidePx, sidePx, resize === "fit" ? { fit: "contain", background: "black" } : { fit: "cover" })
    .flatten({ background: "white" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" });
  return inPlanes(await orUnreadable(file, square.toBuffer()));
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

/**
 * Why a picture file cannot be used; undefined when nothing speaks against it. Only the header and the last bytes are
 * looked at, so that a large folder opens fast; a file that does not end as its format says (cut off, or something was
 * appended) is decoded once to find out. Damage in the middle of a file shows when it is read.
 */
export async function pictureFault(file: string): Promise<string | undefined> {
  let header: Metadata;
  try {
    header = await sharp(file, { limitInputPixels: false }).metadata();
  } catch (error) {
    return `not readable (${reason(error)})`;
  }
  if (!isFormat(header.format)) return `holds ${header.format}, not JPEG, PNG or WebP`;
  if (header.width * header.height > limitPixels) {
    return `${header.width} x ${header.height} pixels, more than ${limitPixels}`;
  }
  return (await endsWhole(file, header.format)) ? undefined : await decodingFault(file);
}

/** How a whole file ends; libvips itself looks for the end of a WebP file when it reads the header. */
const endings = {
  jpeg: Buffer.from([0xff, 0xd9]),
  png: Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]),
  webp: Buffer.alloc(0),
};

function isFormat(name: string): name is keyof typeof endings {
  return Object.hasOwn(endings, name);
}

async function endsWhole(file: string, format: keyof typeof endings): Promise<boolean> {
  const ending = endings[format];
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

/** [side, side, 3] as [3, side, side]. */
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
