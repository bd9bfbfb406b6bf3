// Sorting by score, highest first and the earlier of equals first. A score's bits and its position are packed into one
// number, so that the numbers sort without asking a function, some ten times as fast; and where only the best are asked
// for, counting leaves most of the others out before. Sorting is what decoding waits for.

/** Positions that fit beside the 32 bits of a score in the 53 of a number. */
const mostPacked = 2 ** 21;
/** Scores are counted by their upper 16 bits. */
const buckets = 2 ** 16;

/** Positions of the `most` highest scores (all unless given), the highest first and the earlier of equal ones first. */
export function bestFirst(scores: Float32Array, most = scores.length): Uint32Array {
  if (scores.length > mostPacked) {
    const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
    return order.subarray(0, most);
  }
  const keys = new Float64Array(scores.length);
  const count = packKeys(new Uint32Array(scores.buffer, scores.byteOffset, scores.length), most, keys);
  return Uint32Array.from(keys.subarray(0, count).sort().subarray(0, most), (key) => key % mostPacked);
}

/** Writes a key for every score that may be among the `most` highest; gives how many. */
function packKeys(words: Uint32Array, most: number, keys: Float64Array): number {
  const last = words.length > 2 * most ? bucketOfRank(words, most) : buckets;
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const key = descending(words[i]!);
    if (key >>> 16 <= last) keys[count++] = key * mostPacked + i;
  }
  return count;
}

/** The bucket in which the `rank`-th highest score lies. */
function bucketOfRank(words: Uint32Array, rank: number): number {
  const sizes = new Uint32Array(buckets);
  for (let i = 0; i < words.length; i++) sizes[descending(words[i]!) >>> 16]!++;
  let bucket = 0;
  for (let seen = sizes[0]!; seen < rank; seen += sizes[bucket]!) bucket++;
  return bucket;
}

/** The bits of a float32 as an unsigned number that falls as the float rises; -0 counts as 0. */
function descending(word: number): number {
  const negative = word >>> 31 === 1;
  return negative && word !== 0x80000000 ? word : 0x7fffffff - (word & 0x7fffffff);
}
