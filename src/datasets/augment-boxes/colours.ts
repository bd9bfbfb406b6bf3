// Changes of colour as in the published code of SSD ("photometric distortion"): brightness, contrast, saturation, hue and
// the order of the channels. Nothing is rounded or cut to 0..255 before the end; so contrast, a factor, may come last.
import { permutation, type Random } from "../../core/random.ts";

export interface ColourChange {
  /** Added to every byte. */
  readonly brightness: number;
  /** Factor on every byte. */
  readonly contrast: number;
  /** Factor on the saturation, in hue, saturation and value. */
  readonly saturation: number;
  /** Turn around the circle of hues. */
  readonly hueDegrees: number;
  /** The channel that each channel of the outcome is taken from. */
  readonly order: readonly number[];
}

/** Each with probability 1/2: up to 32 of 255 lighter or darker, contrast and saturation times 0.5 to 1.5, up to 18 degrees. */
export function drawColourChange(random: Random): ColourChange {
  const maybe = (low: number, high: number, none: number) =>
    random.next() < 0.5 ? low + (high - low) * random.next() : none;
  return {
    brightness: maybe(-32, 32, 0),
    contrast: maybe(0.5, 1.5, 1),
    saturation: maybe(0.5, 1.5, 1),
    hueDegrees: maybe(-18, 18, 0),
    order: random.next() < 0.5 ? [...permutation(3, random)] : [0, 1, 2],
  };
}

/**
 * Writes the changed picture into `into`; both are planes of red, green and blue bytes, and may be the same. Of each plane
 * only the bytes from `start` up to `end` are written.
 */
export function changeColours(
  from: Uint8Array,
  into: Uint8Array,
  change: ColourChange,
  start = 0,
  end = from.length / 3,
): void {
  const count = from.length / 3;
  const bytes = new Uint8ClampedArray(into.buffer, into.byteOffset, into.length); // rounds, and cuts to 0..255
  const level = Float64Array.from({ length: 256 }, (_, byte) => (byte + change.brightness) * change.contrast);
  const turn = change.hueDegrees / 60;
  const { saturation } = change;
  const [red, green, blue] = [0, 1, 2].map((channel) => change.order.indexOf(channel) * count);
  const grey = turn === 0 && saturation === 1;
  for (let i = start; i < end; i++) {
    const r = level[from[i]!]!;
    const g = level[from[count + i]!]!;
    const b = level[from[2 * count + i]!]!;
    const top = Math.max(r, g, b);
    const spread = top - Math.min(r, g, b);
    if (grey || spread === 0) {
      bytes[red! + i] = r;
      bytes[green! + i] = g;
      bytes[blue! + i] = b;
      continue;
    }
    const sector = r === top ? (g - b) / spread : g === top ? 2 + (b - r) / spread : 4 + (r - g) / spread;
    const hue = sector + turn; // sixths of the circle, red at 0
    const depth = spread * saturation;
    bytes[red! + i] = top - depth * distance(hue + 5);
    bytes[green! + i] = top - depth * distance(hue + 3);
    bytes[blue! + i] = top - depth * distance(hue + 1);
  }
}

/** How far a channel lies below the highest one, as a share of the spread; `place` is where it stands on the circle. */
function distance(place: number): number {
  const k = place >= 6 ? place - 6 : place; // below 0 it is as far from the highest as above 4
  const rise = k < 4 - k ? k : 4 - k;
  return rise < 0 ? 0 : rise > 1 ? 1 : rise;
}
