// Which of many centres may be nearer to a point than the nearest so far, told from a product of matrices in float32 whose error
// is bounded. It only excludes: whatever may be nearer is measured, so that the nearest is exact to the last bit.
/** Half the squared length of some centres in a row, and how long they are at most. */
export interface Screen {
  readonly halves: Float64Array;
  readonly longest: number;
  readonly columns: number;
}

export function screenOf(halves: Float64Array, columns: number): Screen {
  return { halves, columns, longest: Math.sqrt(2 * halves.reduce((most, half) => Math.max(most, half), 0)) };
}

/** Lengths from which squares leave float32. */
const mostLength = 1e15;
/** Half the distance of two neighbouring float32 numbers at 1, rounded up. */
const unit = 6e-8;

/**
 * Centres that may be nearer to a point than `bound`, in order, into `to`; gives how many. `products` holds the products of the
 * point with each of them from `at` on, `squaredLength` is the point's. Those that are certainly farther than another of them are
 * left out.
 */
export function maybeNearer(
  { halves, columns, longest }: Screen,
  products: Float32Array,
  at: number,
  { squaredLength, bound }: { readonly squaredLength: number; readonly bound: number },
  to: Uint32Array,
): number {
  // |x - c|^2 is |x|^2 and twice the score |c|^2 / 2 - x c, and a sum of n products is off by n units of |x| |c| at most.
  const length = Math.sqrt(squaredLength);
  const error =
    length > mostLength || longest > mostLength
      ? Infinity
      : (columns + 8) * unit * (length + longest) * longest + 1e-14 * squaredLength + 1e-30;
  let least = Infinity;
  for (let k = 0; k < halves.length; k++) {
    const score = halves[k]! - products[at + k]!;
    if (score < least) least = score;
  }
  const most = Math.min((bound - squaredLength) / 2 + error, least + 2 * error);
  let found = 0;
  for (let k = 0; k < halves.length; k++) if (!(halves[k]! - products[at + k]! > most)) to[found++] = k;
  return found;
}
