// Core-set: greedy k-centre on the embedding (Sener and Savarese 2018, algorithm 1). Every pick is the item farthest
// from its nearest centre; centres are all labelled items and the picks before it. Exact, but lazy: a distance only
// falls as centres are added, so an item whose last known distance is below the best of this round is not looked at.
// Memory beside the embedding is three numbers per item; there is never a pool x labelled matrix.
import { permutation, type Random } from "../../core/random.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { squaredDistance } from "../kernels/rows.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

export const coreSet: Strategy = { name: "core-set", needs: ["embedding"], select: farthestFirst };

/** Euclidean distance of every pool item to its nearest labelled item; Infinity when nothing is labelled. */
export async function scoreByDistance(pool: Pool): Promise<Float32Array> {
  const pace = startPace("core-set");
  const nearest = nearestCentres(pool, pace);
  const scores = new Float32Array(pool.ids.length);
  for (let item = 0; item < scores.length; item++) {
    scores[item] = Math.sqrt(nearest.refresh(item, 0));
    if (pace.isDue()) await pace.pause();
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
  const pace = startPace("core-set", signal);
  const nearest = nearestCentres(pool, pace);
  const rank = permutation(pool.ids.length, random);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    picks[k] = await farthest(nearest, rank, pace);
    nearest.addCentre(picks[k]!);
  }
  return picks;
}

/** The item farthest from its nearest centre; of equally far ones that with the lowest rank. */
async function farthest(nearest: NearestCentres, rank: Uint32Array, pace: Pace): Promise<number> {
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
    if (pace.isDue()) await pace.pause();
  }
  return best;
}

interface NearestCentres {
  /** Squared distance of every item to the nearest of the centres it was compared with; -1 for a centre. */
  readonly bound: Float64Array; // [pool]
  /** Compares an item with further centres, until there are none left or its bound is below `floor`; gives the bound. */
  refresh(item: number, floor: number): number;
  addCentre(item: number): void;
}

function nearestCentres(pool: Pool, pace: Pace): NearestCentres {
  const { own, labelled } = readEmbeddings(pool, "core-set");
  const { values, rows, columns } = own;
  const bound = new Float64Array(rows).fill(Infinity);
  const compared = new Uint32Array(rows); // centres each item was compared with: labelled first, then picks in order
  const picks: number[] = [];
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
      pace.did((next - compared[item]!) * columns);
      compared[item] = next;
      bound[item] = least;
      return least;
    },
    addCentre(item) {
      picks.push(item);
      bound[item] = -1;
    },
  };
}

function argmax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
