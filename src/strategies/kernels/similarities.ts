// Similarities of every item to every other, row by row. Up to 8,192 items they are kept once computed, in 256 MB at most;
// of more they are computed anew whenever a row is asked for, so that memory stays linear. The numbers are the same.
import type { Matrix } from "../../core/signals.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

const mostKept = 8192;

/** How similar items at a squared distance are: 0 or more, falling. */
export interface Kernel {
  readonly similarity: (squaredDistance: number) => number;
  /** The squared distance from which the similarity is 0; distances from there on are not computed to their end. */
  readonly reach: number;
}

export interface Similarities {
  /** Hands over each item with its similarities to the items up to it, [item + 1]. To be run once, before `row`. */
  visitPairs(visit: (item: number, similarities: Float32Array) => void, pace: Pace): Promise<void>;
  /** [items]: similarities of one item to every one, itself too. Valid until the next call. */
  row(item: number): Float32Array;
  /** What `row` costs, in multiplications. */
  readonly costOfRow: number;
}

/** `keep` is for tests. */
export function similaritiesOf(points: Matrix, kernel: Kernel, keep = points.rows <= mostKept): Similarities {
  const { rows, columns, values } = points;
  const matrix = new Float32Array(keep ? rows ** 2 : 0);
  const scratch = new Float32Array(rows);
  const compute = (item: number, count: number) => {
    for (let other = 0; other < count; other++) {
      const squared = squaredDistance(values, item, values, other, columns, kernel.reach);
      scratch[other] = squared < kernel.reach ? kernel.similarity(squared) : 0;
    }
    return scratch;
  };
  const keepRow = (item: number) => {
    matrix.set(scratch.subarray(0, item + 1), item * rows);
    for (let other = 0; other < item; other++) matrix[other * rows + item] = scratch[other]!;
  };
  return {
    async visitPairs(visit, pace) {
      for (let item = 0; item < rows; item++) {
        visit(item, compute(item, item + 1));
        if (keep) keepRow(item);
        if (pace.did((item + 1) * columns)) await pace.pause();
      }
    },
    row: (item) => (keep ? matrix.subarray(item * rows, (item + 1) * rows) : compute(item, rows)),
    costOfRow: keep ? rows : rows * columns,
  };
}
