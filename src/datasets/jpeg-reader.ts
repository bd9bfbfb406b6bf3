// What reads plain JPEG files many at a time, faster than `readPicture` and with the same pixels. An engine may bring one along;
// it leaves out every file that is out of the ordinary or damaged, and `readPicture` and `pictureFault` have the last word on it.
import type { PictureSize } from "./read-picture.ts";

export interface JpegReader {
  /** Two numbers per file: its size in bytes and time of change in milliseconds; NaN for what has to be looked at closer. */
  look(files: readonly string[]): Promise<Float64Array>;
  read(files: readonly string[], size: PictureSize): Promise<ReadJpegs>;
}

export interface ReadJpegs {
  /** uint8 [files, 3, side, side]. */
  readonly pixels: Uint8Array;
  /** For each file 1, or 0 where its pixels are not there. */
  readonly done: Uint8Array;
}

export function isJpegName(file: string): boolean {
  return /\.jpe?g$/i.test(file);
}
