// A window of a picture, sampled at the picture's own size by bilinear interpolation of the four nearest pixels. Weights
// are whole numbers of 1/2048, so that the inner loop is integer arithmetic, and a window that is the picture copies it.
import type { PixelSize } from "../../core/labels.ts";
import type { Window } from "./window.ts";

const weightBits = 11;
const one = 1 << weightBits;
const half = 1 << (2 * weightBits - 1);

/** For each place along an axis the two pixels it lies between, and how much the second weighs; -1 where outside. */
interface Axis {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Int32Array;
}

/** Place i of the outcome shows the middle of the i-th of `length` equal parts of low..high. */
function axisOf(low: number, high: number, length: number, mirrored: boolean): Axis {
  const axis = { first: new Int32Array(length), second: new Int32Array(length), weight: new Int32Array(length) };
  for (let i = 0; i < length; i++) {
    const place = low + (((mirrored ? length - 1 - i : i) + 0.5) * (high - low)) / length;
    const inside = place >= 0 && place < length;
    const before = Math.floor(place - 0.5);
    axis.first[i] = inside ? Math.max(before, 0) : -1;
    axis.second[i] = Math.min(before + 1, length - 1);
    axis.weight[i] = Math.round((place - 0.5 - before) * one);
  }
  return axis;
}

/**
 * Writes what the window shows of `from` into `into`, both [channels, height, width] bytes. Beyond the picture lies
 * `fill`, one byte per channel; towards its edge the outermost pixels go on.
 */
export function resample(
  from: Uint8Array,
  into: Uint8Array,
  { width, height }: PixelSize,
  window: Window,
  fill: readonly number[],
): void {
  const across = axisOf(window.left, window.right, width, window.mirrored);
  const down = axisOf(window.top, window.bottom, height, false);
  fill.forEach((byte, channel) => {
    const plane = channel * width * height;
    for (let y = 0; y < height; y++) {
      const to = plane + y * width;
      if (down.first[y]! < 0) into.fill(byte, to, to + width);
      else
        sampleRow(
          from,
          into,
          to,
          plane + down.first[y]! * width,
          plane + down.second[y]! * width,
          down.weight[y]!,
          across,
          byte,
        );
    }
  });
}

/** One row of the outcome from the two rows of the picture that start at `above` and `below`. */
function sampleRow(
  from: Uint8Array,
  into: Uint8Array,
  to: number,
  above: number,
  below: number,
  weight: number,
  { first, second, weight: weights }: Axis,
  fill: number,
): void {
  const rest = one - weight;
  for (let x = 0; x < first.length; x++) {
    const a = first[x]!;
    if (a < 0) {
      into[to + x] = fill;
      continue;
    }
    const b = second[x]!;
    const w = weights[x]!;
    const upper = from[above + a]! * (one - w) + from[above + b]! * w;
    const lower = from[below + a]! * (one - w) + from[below + b]! * w;
    into[to + x] = (upper * rest + lower * weight + half) >> (2 * weightBits);
  }
}
