// The highest of some numbers, ties by a rank that was drawn before.

/** The position of the highest value; of equal ones that with the lowest rank. */
export function highestInRank(values: Float64Array, rank: Uint32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! > values[best]! || (values[i] === values[best] && rank[i]! < rank[best]!)) best = i;
  }
  return best;
}
