// Farthest-first by products of matrices: items that may be the next pick are compared with the centres they are behind by, many of
// both at a time. It is the compiled loop's way (`native/src/farthest-first.cc`) for where there is only ONNX Runtime.
import type { MatrixProducts } from "../../native/matrix-products.ts";
import type { NearestCentres } from "./nearest-centres.ts";
import type { Pace } from "./pace.ts";
import { squaredLengths } from "./rows.ts";
import { maybeNearer, screenOf } from "./screening.ts";

/** Pairs of items and centres below which a product costs more than it saves. */
const leastPairs = 256;
/** Items further behind than so many centres bring others along, until there are so many in all. */
const farBehind = 64;
const itemsTogether = 1024;
const centresTogether = 512;
/** Bounds that are sorted at most to see which are the largest. */
const mostSorted = 16384;

interface Batch {
  readonly items: readonly number[];
  /** Bound from which on items are compared with all centres. */
  readonly floor: number;
}

export class CatchUp {
  readonly #nearest: NearestCentres;
  readonly #products: MatrixProducts;
  readonly #pace: Pace;
  /** [own] */
  readonly #squaredLengths: Float64Array;
  /** Half the squared length of every centre. */
  readonly #halves: Float64Array;
  #known = 0;

  /** As many picks will be made at most. */
  constructor(nearest: NearestCentres, mostPicks: number, products: MatrixProducts, pace: Pace) {
    const { own, labelled } = nearest;
    this.#nearest = nearest;
    this.#products = products;
    this.#pace = pace;
    this.#squaredLengths = squaredLengths(own);
    this.#halves = new Float64Array(labelled.rows + mostPicks);
    this.#halves.set(squaredLengths(labelled).map((squared) => squared / 2));
    this.#known = labelled.rows;
  }

  /** Brings down the bounds of items that may be farther than `reach`, which is a distance that some item has. */
  async run(reach: number): Promise<void> {
    const nearest = this.#nearest;
    for (; this.#known < nearest.centres; this.#known++) {
      this.#halves[this.#known] = this.#squaredLengths[nearest.pickAt(this.#known)!]! / 2;
    }
    const { items, floor } = batchOf(nearest, reach);
    let known = reach;
    for (let start = 0; start < items.length; start += itemsTogether) {
      const group = items.slice(start, start + itemsTogether);
      await this.#compare({ items: group, floor: Math.min(floor, known) });
      // Of one group the next need only be compared while they may be farther still.
      for (const item of group) {
        if (nearest.compared[item] === nearest.centres) known = Math.max(known, nearest.bound[item]!);
      }
    }
  }

  /** Block after block of centres, as long as some of the items have a bound of `floor` or more. */
  async #compare({ items, floor }: Batch): Promise<void> {
    const { bound, compared, centres, own } = this.#nearest;
    const start = items.reduce((least, item) => Math.min(least, compared[item]!), centres);
    for (let from = start; from < centres; from += centresTogether) {
      const to = Math.min(centres, from + centresTogether);
      const left = items.filter((item) => bound[item]! >= floor && compared[item]! < to);
      if (left.length === 0) return;
      await this.#compareBlock(left, from, to);
      this.#pace.did((left.length * (to - from) * own.columns) / 16);
      if (this.#pace.isDue()) await this.#pace.pause();
    }
  }

  async #compareBlock(items: readonly number[], from: number, to: number): Promise<void> {
    const nearest = this.#nearest;
    const { bound, compared, own } = nearest;
    const { columns, values } = own;
    const rows = new Float32Array(items.length * columns);
    items.forEach((item, i) => {
      rows.set(values.subarray(item * columns, (item + 1) * columns), i * columns);
    });
    const screen = screenOf(this.#halves.subarray(from, to), columns);
    const product = await this.#products.multiply(rows, nearest.rowsOf(from, to), columns);
    const maybe = new Uint32Array(to - from);
    items.forEach((item, i) => {
      const point = { squaredLength: this.#squaredLengths[item]!, bound: bound[item]! };
      const found = maybeNearer(screen, product, i * (to - from), point, maybe);
      for (let k = 0; k < found; k++) nearest.measure(item, from + maybe[k]!);
      compared[item] = to;
    });
  }
}

/** Items that are behind and may be the farthest, where that is worth a product; with those whose turn would be soon. */
function batchOf(nearest: NearestCentres, reach: number): Batch {
  const { bound, compared, centres } = nearest;
  const items: number[] = [];
  let pairs = 0;
  let isFar = false;
  for (let item = 0; item < bound.length; item++) {
    const behind = centres - compared[item]!;
    if (bound[item]! < reach || behind === 0) continue;
    items.push(item);
    pairs += behind;
    isFar ||= behind >= farBehind;
  }
  if (isFar && items.length < itemsTogether) return withOthers(nearest, reach, items);
  return { items: pairs < leastPairs ? [] : items, floor: reach };
}

function withOthers({ bound, compared, centres }: NearestCentres, reach: number, items: number[]): Batch {
  const others: number[] = [];
  for (let item = 0; item < bound.length; item++) {
    if (bound[item]! >= 0 && bound[item]! < reach && centres - compared[item]! >= farBehind) others.push(item);
  }
  const room = itemsTogether - items.length;
  const least = nthLargest(
    Float64Array.from(others, (item) => bound[item]!),
    room,
  );
  const joining = others.filter((item) => bound[item]! >= least).slice(0, room);
  return { items: [...items, ...joining], floor: Math.min(reach, least) };
}

/** About the `n`-th largest: of very many numbers only some are looked at. */
function nthLargest(numbers: Float64Array, n: number): number {
  if (n >= numbers.length) return 0;
  const step = Math.ceil(numbers.length / mostSorted);
  const sorted = numbers.filter((_, i) => i % step === 0).sort();
  return sorted[Math.max(0, sorted.length - Math.ceil(n / step))]!;
}
