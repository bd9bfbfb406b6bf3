// What farthest-first knows of every item: how far the nearest of the centres is that it was compared with so far.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

interface Points {
  readonly own: Matrix;
  /** Centres there are already. */
  readonly labelled: Matrix;
}

export class NearestCentres {
  readonly own: Matrix;
  readonly labelled: Matrix;
  /** Squared distance of every item to the nearest of the centres it was compared with; -1 for a centre. */
  readonly bound: Float64Array; // [own]
  /** Centres each item was compared with: labelled first, then picks in order. */
  readonly compared: Uint32Array; // [own]
  readonly #picks: number[] = [];
  readonly #pace: Pace;

  constructor({ own, labelled }: Points, pace: Pace) {
    this.own = own;
    this.bound = new Float64Array(own.rows).fill(Infinity);
    this.compared = new Uint32Array(own.rows);
    this.labelled = labelled;
    this.#pace = pace;
  }

  /** How many there are. */
  get centres(): number {
    return this.labelled.rows + this.#picks.length;
  }

  addCentre(item: number): void {
    this.#picks.push(item);
    this.bound[item] = -1;
  }

  /** Compares an item with further centres, until there are none left or its bound is below `floor`; gives the bound. */
  refresh(item: number, floor: number): number {
    const { centres, bound, compared } = this;
    const start = compared[item]!;
    let next = start;
    for (; next < centres && bound[item]! >= floor; next++) this.measure(item, next);
    this.#pace.did((next - start) * this.own.columns);
    compared[item] = next;
    return bound[item]!;
  }

  /** Lets the bound of an item fall to its exact distance from a centre, if that is nearer. */
  measure(item: number, centre: number): void {
    const { own, bound } = this;
    const { values, row } = this.#at(centre);
    const distance = squaredDistance(own.values, item, values, row, own.columns, bound[item]!);
    if (distance < bound[item]!) bound[item] = distance;
  }

  /** The row of `own` that a centre is; undefined for a labelled one. */
  pickAt(centre: number): number | undefined {
    return this.#picks[centre - this.labelled.rows];
  }

  /** Some centres, one after the other. */
  rowsOf(from: number, to: number): Float32Array {
    const { columns } = this.own;
    if (to <= this.labelled.rows) return this.labelled.values.subarray(from * columns, to * columns);
    const rows = new Float32Array((to - from) * columns);
    for (let centre = from; centre < to; centre++) {
      const { values, row } = this.#at(centre);
      rows.set(values.subarray(row * columns, (row + 1) * columns), (centre - from) * columns);
    }
    return rows;
  }

  #at(centre: number): { readonly values: Float32Array; readonly row: number } {
    const labelled = this.labelled;
    if (centre < labelled.rows) return { values: labelled.values, row: centre };
    return { values: this.own.values, row: this.#picks[centre - labelled.rows]! };
  }
}
