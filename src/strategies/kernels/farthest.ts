// Greedy k-centre, exact but lazy: a distance only falls as centres are added, so an item whose last known distance is below
// the best of this round is not looked at. Memory beside the embeddings is three numbers per item.
import type { Matrix } from "../../core/signals.ts";
import type { ChoosingAddon } from "../../native/addon.ts";
import { type MatrixProducts, matrixProducts } from "../../native/matrix-products.ts";
import { CatchUp } from "./catch-up.ts";
import { compiled, threads } from "./compiled.ts";
import { NearestCentres } from "./nearest-centres.ts";
import type { Pace } from "./pace.ts";

export interface FarthestTask {
  readonly own: Matrix;
  /** Centres there are already. */
  readonly labelled: Matrix;
  /** [own]: of equally far items that with the lowest comes first. */
  readonly rank: Uint32Array;
}

/** How long the compiled loop goes on before it is asked whether to: longer where every call has more items to look through. */
const callMs = (items: number) => 50 + items / 20_000;

/** Multiplications of all that may have to be compared from which it pays to open a library for products. */
const worthProducts = 1e8;

/** `count` rows of `own`, each the farthest from its nearest centre; centres are `labelled` and the picks before it. */
export async function farthestRows(task: FarthestTask, count: number, pace: Pace): Promise<Uint32Array> {
  const addon = compiled();
  if (addon !== undefined) return await farthestCompiled(addon, task, count, pace);
  const { own, labelled } = task;
  const most = own.rows * own.columns * (labelled.rows + count);
  return await farthestPortable(task, count, pace, most < worthProducts ? undefined : await matrixProducts());
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
    const task = { own, labelled, rank, bound, compared, picks, made, count, milliseconds: callMs(own.rows), threads };
    made = await addon.farthestFirst(task);
    await pace.pause();
  }
  return picks;
}

export async function farthestPortable(
  task: FarthestTask,
  count: number,
  pace: Pace,
  products?: MatrixProducts,
): Promise<Uint32Array> {
  const nearest = new NearestCentres(task, pace);
  const catchUp = products && new CatchUp(nearest, count, products, pace);
  const picks = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    picks[k] = await farthest(nearest, task.rank, pace, catchUp);
    nearest.addCentre(picks[k]!);
  }
  return picks;
}

/** The item farthest from its nearest centre; of equally far ones that with the lowest rank. */
async function farthest(
  nearest: NearestCentres,
  rank: Uint32Array,
  pace: Pace,
  catchUp: CatchUp | undefined,
): Promise<number> {
  const { bound } = nearest;
  let best = argmax(bound);
  let reach = nearest.refresh(best, 0);
  await catchUp?.run(reach);
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

function argmax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
