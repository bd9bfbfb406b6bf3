// Augmentation of a picture together with its boxes, as SSD trains with (Liu et al. 2016, section 2.2 and 3.6): colours,
// zooming out, cropping, mirroring. Pure: everything random comes from the stream that is given.
import { resizeLabel } from "../../core/boxes.ts";
import type { DetectionLabel } from "../../core/labels.ts";
import type { Random } from "../../core/random.ts";
import type { ImageSize } from "../dataset.ts";
import { type ColourChange, changeColours, drawColourChange } from "./colours.ts";
import { resample } from "./resample.ts";
import { type Crop, crop, labelThrough, type Window, wholeWindow, zoomOut } from "./window.ts";

export interface BoxAugmentation {
  /** Change brightness, contrast, saturation, hue and the order of the channels, each with probability 1/2. */
  readonly colours: boolean;
  /** With probability 1/2 the picture is made smaller by a factor of up to this; 1 never does. */
  readonly zoomOut: number;
  /** Ways of cropping, one of which is drawn for each picture; none leaves it whole. */
  readonly crops: readonly Crop[];
  /** Mirror left to right with probability 1/2. */
  readonly flip: boolean;
}

/** The ways of cropping of the paper. */
export const paperCrops: readonly Crop[] = ["whole", 0.1, 0.3, 0.5, 0.7, 0.9, 0];

/** Those of the code that learning loss was published with: 0.5 is missing. */
export const publishedCodeCrops: readonly Crop[] = paperCrops.filter((way) => way !== 0.5);

/** What SSD300 trains with. */
export const ssdAugmentation: BoxAugmentation = { colours: true, zoomOut: 4, crops: paperCrops, flip: true };

/**
 * Writes the augmented picture of `from` into `into`, both [3, height, width] bytes of red, green and blue; the two must
 * not overlap. `fill` is one byte per channel for what lies beyond the picture (its data set's mean). The label may be
 * in pixels of the picture before it was warped to `size`. Gives the label of the outcome, in pixels of `size`: objects
 * whose centre is out of sight are gone, and difficult ones and crowds move like all others.
 */
export function augmentBoxes(
  from: Uint8Array,
  into: Uint8Array,
  size: ImageSize,
  label: DetectionLabel,
  augmentation: BoxAugmentation,
  fill: readonly number[],
  random: Random,
): DetectionLabel {
  checkBytes(from, into, size);
  const resized = resizeLabel(label, size);
  const change = augmentation.colours ? drawColourChange(random) : undefined;
  const window = drawWindow(size, resized, augmentation, random);
  const source = change === undefined ? from : changed(from, size, window, change);
  resample(source, into, size, window, fill);
  return labelThrough(window, resized);
}

/** The picture in other colours, as far as the window shows it or needs it to interpolate; the rest is black. */
function changed(from: Uint8Array, { width, height }: ImageSize, window: Window, change: ColourChange): Uint8Array {
  const into = new Uint8Array(from.length);
  const firstRow = Math.max(Math.floor(window.top) - 1, 0);
  const endRow = Math.min(Math.ceil(window.bottom) + 1, height);
  changeColours(from, into, change, firstRow * width, endRow * width);
  return into;
}

function drawWindow(
  size: ImageSize,
  { objects }: DetectionLabel,
  augmentation: BoxAugmentation,
  random: Random,
): Window {
  const zoomed = augmentation.zoomOut > 1 && random.next() < 0.5;
  const whole = zoomed ? zoomOut(size, augmentation.zoomOut, random) : wholeWindow(size);
  const cropped = crop(whole, objects, augmentation.crops, random);
  return { ...cropped, mirrored: augmentation.flip && random.next() < 0.5 };
}

function checkBytes(from: Uint8Array, into: Uint8Array, { width, height, channels }: ImageSize): void {
  const bytes = 3 * width * height;
  if (channels === 3 && from.length === bytes && into.length === bytes) return;
  throw new RangeError(
    `augmentBoxes: ${from.length} bytes into ${into.length}; a picture of ${width} x ${height} has ${bytes} in 3 channels`,
  );
}
