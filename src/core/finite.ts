// Finding what is no number among very many, without a call per number.

/** Position of the first value that is NaN or infinite; -1 when there is none. */
export function firstNotFinite(values: Float32Array | Float64Array): number {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return i;
  return -1;
}
