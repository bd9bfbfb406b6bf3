// Intervals by the bootstrap (Efron 1979): what was observed is drawn anew with replacement many times, and the spread of
// a figure over those draws is taken for its uncertainty. Needs no assumption about the figure's distribution.
import type { Random } from "./random.ts";

/** `times` draws of `count` positions below `count`, with replacement. */
export function resample(count: number, times: number, random: Random): Uint32Array[] {
  return Array.from({ length: times }, () => Uint32Array.from({ length: count }, () => random.integer(count)));
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval: the values with a share of `tail` of all values at or beyond them on their side (rounded up to whole
 * values, none between two of them). Infinite values are values like others. Throws a RangeError for no values, or a NaN.
 */
export function percentileBounds(values: ArrayLike<number>, tail = 0.025): Bounds {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("percentileBounds: no values");
  if (Number.isNaN(sorted.at(-1))) throw new RangeError("percentileBounds: a value is not a number");
  const beyond = Math.max(1, Math.ceil(tail * sorted.length));
  return { low: sorted[beyond - 1]!, high: sorted[sorted.length - beyond]! };
}
