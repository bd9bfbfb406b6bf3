// How far one result is from another.

/**
 * Largest |actual - expected| over (largest |expected| + 1e-6). Infinite where only one of the two is NaN or they are
 * different infinities; such places do not count otherwise.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (Object.is(a, b)) {
      if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
    } else if (Number.isFinite(a) && Number.isFinite(b)) {
      difference = Math.max(difference, Math.abs(a - b));
      largest = Math.max(largest, Math.abs(b));
    } else return Number.POSITIVE_INFINITY;
  }
  return difference / (largest + 1e-6);
}
