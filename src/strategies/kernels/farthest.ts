// Greedy k-centre, exact but lazy: a distance only falls as centres are added, so an item whose last known distance is below
// the best of this round is not looked at. Memory beside the embeddings is three numbers per item.
import type { Matrix } from "../../core/signals.ts";
import type { ChoosingAddon } from "../../native/addon.ts";
import { compiled, threads } from "./compiled.ts";
import type { Pace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";

export interface FarthestTask {
  readonly own: Matrix;
  /** Centres there are already. */
  readonly labelled: Matrix;
  /** [own]: of equally far items that with the lowest comes first. */
  readonly rank: Uint32Array;
}

/** How long the compiled loop goes on before it is asked whether to. */
const callMs = 50;

/** `count` rows of `own`, each the farthest from its nearest centre; centres are `labelled` and the picks before it. */
export async function farthestRows(task: FarthestTask, count: number, pace: Pace): Promise<Uint32Array> {
  const addon = compiled();
  return await (addon === undefined ? farthestPortable(task, count, pace) : farthestCompiled(addon, task, count, pace));
}

export async function farthestCompiled(
  addon: ChoosingAddon,
  { own, labelled, rank }: FarthestTask,
  count: number,
  pace: Pace,
): Promise<Uint32Array> {
  const bound = new Float64Array(own.rows).fill(Infinity);
  const compared = new Uint32Array(own.rows);
  const picks = new Uint32Array(count);
  for (let made = 0; made < count; ) {
    const task = { own, labelled, rank, bound, compared, picks, made, count, milliseconds: callMs, threads };
    made = await addon.farthestFirst(task);
    await pace.pause();
  }
  return picks;
}

export async function farthestPortable(task: FarthestTask, count: number, pace: Pace): Promise<Uint32Array> {
  const nearest = nearestCentres(task, pace);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    picks[k] = await farthest(nearest, task.rank, pace);
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
  readonly bound: Float64Array; // [own]
  /** Compares an item with further centres, until there are none left or its bound is below `floor`; gives the bound. */
  refresh(item: number, floor: number): number;
  addCentre(item: number): void;
}

function nearestCentres({ own, labelled }: FarthestTask, pace: Pace): NearestCentres {
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
