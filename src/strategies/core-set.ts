// Core-set: greedy k-centre on the embedding (Sener and Savarese 2018, algorithm 1). Every pick is the item farthest
// from its nearest centre; centres are all labelled items and the picks before it. Exact, but lazy: a distance only
// falls as centres are added, so an item whose last known distance is below the best of this round is not looked at.
// Memory beside the embedding is three numbers per item; there is never a pool x labelled matrix.
import { setImmediate } from "node:timers/promises";
import { ForelossError, stopIfAborted } from "../core/errors.ts";
import { permutation, type Random } from "../core/random.ts";
import type { Matrix } from "../core/signals.ts";
import { finiteEmbedding, refuseTooMany } from "./scores.ts";
import type { Pool, Strategy } from "./strategy.ts";

/** Multiplications between two pauses for the event loop: some ten milliseconds of work. */
const workPerPause = 2e7;

export const coreSet: Strategy = { name: "core-set", needs: ["embedding"], select: farthestFirst };

/** Euclidean distance of every pool item to its nearest labelled item; Infinity when nothing is labelled. */
export async function scoreByDistance(pool: Pool): Promise<Float32Array> {
  const nearest = nearestCentres(pool);
  const scores = new Float32Array(pool.ids.length);
  for (let item = 0; item < scores.length; item++) {
    scores[item] = Math.sqrt(nearest.refresh(item, 0));
    if (nearest.pauseIsDue()) await pause();
  }
  return scores;
}

/** The positions greedy k-centre picks, farthest first. Without labelled items the first is drawn from `random`. */
export async function farthestFirst(
  pool: Pool,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  refuseTooMany(count, pool.ids.length);
  const nearest = nearestCentres(pool);
  const rank = permutation(pool.ids.length, random);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    picks[k] = await farthest(nearest, rank, signal);
    nearest.addCentre(picks[k]!);
  }
  return picks;
}

/** The item farthest from its nearest centre; of equally far ones that with the lowest rank. */
async function farthest(nearest: NearestCentres, rank: Uint32Array, signal?: AbortSignal): Promise<number> {
  const { bound } = nearest;
  let best = argmax(bound);
  let reach = nearest.refresh(best, 0);
  for (let item = 0; item < bound.length; item++) {
    if (bound[item]! < reach || item === best) continue;
    const distance = nearest.refresh(item, reach);
    if (distance > reach || (distance === reach && rank[item]! < rank[best]!)) {
      best = item;
      reach = distance;
    }
    if (nearest.pauseIsDue()) await pause(signal);
  }
  return best;
}

interface NearestCentres {
  /** Squared distance of every item to the nearest of the centres it was compared with; -1 for a centre. */
  readonly bound: Float64Array; // [pool]
  /** Compares an item with further centres, until there are none left or its bound is below `floor`; gives the bound. */
  refresh(item: number, floor: number): number;
  addCentre(item: number): void;
  /** True when much was computed since the last time it was true. */
  pauseIsDue(): boolean;
}

function nearestCentres(pool: Pool): NearestCentres {
  const labelled = embeddingOfLabelled(pool);
  const { values, rows, columns } = finiteEmbedding(pool.signals.embedding, pool.ids);
  if (labelled.rows > 0 && rows > 0 && labelled.columns !== columns) {
    throw new ForelossError(
      `core-set: labelled items have ${labelled.columns} numbers per embedding, the pool has ${columns}; infer both with the same model`,
    );
  }
  const bound = new Float64Array(rows).fill(Infinity);
  const compared = new Uint32Array(rows); // centres each item was compared with: labelled first, then picks in order
  const picks: number[] = [];
  let work = 0;
  return {
    bound,
    refresh(item, floor) {
      const centres = labelled.rows + picks.length;
      let least = bound[item]!;
      let next = compared[item]!;
      for (; next < centres && least >= floor; next++) {
        const inLabelled = next < labelled.rows;
        const centre = inLabelled ? next : picks[next - labelled.rows]!;
        const distance = squaredDistance(values, item, inLabelled ? labelled.values : values, centre, columns, least);
        if (distance < least) least = distance;
      }
      work += (next - compared[item]!) * columns;
      compared[item] = next;
      bound[item] = least;
      return least;
    },
    addCentre(item) {
      picks.push(item);
      bound[item] = -1;
    },
    pauseIsDue() {
      if (work < workPerPause) return false;
      work = 0;
      return true;
    },
  };
}

function embeddingOfLabelled({ labelled }: Pool): Matrix {
  if (labelled.ids.length === 0) return { rows: 0, columns: 0, values: new Float32Array() };
  return finiteEmbedding(labelled.signals.embedding, labelled.ids);
}

/**
 * Squared Euclidean distance of row `a` of `left` and row `b` of `right`, or any number from `enough` up when it is not
 * below `enough`. Direct differences summed in float64: the shorter form with norms and a dot product cancels when
 * two embeddings are close, and cannot be broken off early.
 */
function squaredDistance(
  left: Float32Array,
  a: number,
  right: Float32Array,
  b: number,
  columns: number,
  enough: number,
): number {
  let i = a * columns;
  let j = b * columns;
  const end = i + columns;
  let sum = 0;
  for (const blocks = end - (columns % 16); i < blocks && sum < enough; i += 16, j += 16) {
    let even = 0;
    let odd = 0;
    for (let k = 0; k < 16; k += 2) {
      const p = left[i + k]! - right[j + k]!;
      const q = left[i + k + 1]! - right[j + k + 1]!;
      even += p * p;
      odd += q * q;
    }
    sum += even + odd;
  }
  if (sum >= enough) return sum;
  for (; i < end; i++, j++) {
    const difference = left[i]! - right[j]!;
    sum += difference * difference;
  }
  return sum;
}

function argmax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Lets the event loop go on with other work, an abort among it. */
async function pause(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  stopIfAborted(signal, "while choosing by core-set");
}
