// Seeded random streams. Every random number of a run comes from one seed through named streams, so that adding a
// draw in one place never moves the numbers of another, and arms of one seed can share what they should share.
import { createHash } from "node:crypto";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, limit); `limit` is at most 2^32. */
  integer(limit: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  /** An independent stream: the same names always give the same numbers, however much this one was used. */
  stream(...names: readonly (string | number)[]): Random;
}

/** A stream from a seed and names, e.g. `createRandom(7, "init", "conv1.weight")`. */
export function createRandom(seed: number, ...names: readonly (string | number)[]): Random {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...names]))
    .digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  const next = () => (generator.next() >>> 0) / 2 ** 32;
  return {
    next,
    integer: (limit) => Math.floor(next() * limit),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    stream: (...more) => createRandom(seed, ...names, ...more),
  };
}

/** All of 0..count-1 in random order (Fisher and Yates). */
export function permutation(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/** `count` different numbers of 0..limit-1 in random order, without replacement. */
export function sampleWithoutReplacement(limit: number, count: number, random: Random): Uint32Array {
  if (count > limit) throw new RangeError(`sampleWithoutReplacement: ${count} of ${limit} asked for`);
  return permutation(limit, random).slice(0, count);
}
