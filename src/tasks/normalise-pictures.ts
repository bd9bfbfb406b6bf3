// What every model sees of a picture: its bytes made numbers around 0.
import { add, cast, constant, mul, type Node } from "../engine/index.ts";

/** Per-channel mean and standard deviation of pictures in [0, 1]. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Bytes 0..255 [batch, channels, height, width] to (x / 255 - mean) / deviation per channel. */
export function normalisePictures(pictures: Node, { mean, deviation }: Normalisation): Node {
  const perChannel = (values: readonly number[]) => constant(Float32Array.from(values), [1, values.length, 1, 1]);
  const scale = perChannel(deviation.map((d) => 1 / (255 * d)));
  const shift = perChannel(mean.map((m, i) => -m / deviation[i]!));
  return add(mul(cast(pictures, "float32"), scale), shift);
}
