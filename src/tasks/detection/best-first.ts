// Sorting by score, highest first and the earlier of equals first. A score's bits and its position are packed into one
// number, so that the numbers sort without asking a function: some ten times as fast, and sorting is what decoding waits for.

/** Positions that fit beside the 32 bits of a score in the 53 of a number. */
const mostPacked = 2 ** 21;

/** Positions 0..scores.length-1, the highest score first and the earlier of equal ones first. */
export function bestFirst(scores: Float32Array): Uint32Array {
  if (scores.length > mostPacked) {
    return Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  }
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = Float64Array.from(bits, (word, i) => descending(word) * mostPacked + i).sort();
  return Uint32Array.from(keys, (key) => key % mostPacked);
}

/** The bits of a float32 as an unsigned number that falls as the float rises; -0 counts as 0. */
function descending(word: number): number {
  const negative = word >>> 31 === 1;
  return negative && word !== 0x80000000 ? word : 0x7fffffff - (word & 0x7fffffff);
}
