// BAIT with the binary Fisher approximation: picks so that the Fisher information of labels and picks, inverted, weighs the
// pool's least (Ash et al. 2021, algorithm 1), each item's information being p (1 - p) h h^T with its highest
// probability p and embedding h (Huseljic et al. 2024). Forward to twice as many items, then back.
import { permutation, type Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { highestInRank } from "../kernels/highest.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { refuseTooMany } from "../scores.ts";
import { highestOf, perRow } from "../signals/derive.ts";
import { read, readEmbeddings, readPool } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";
import { type FisherTrace, startFisherTrace } from "./fisher-trace.ts";

/** Added to the diagonal of the information, as in the authors' program. */
const ridge = 1;

/**
 * O(items x dimensions^2) once and O(items x dimensions + dimensions^2) per step; memory a copy of the
 * embedding, two dimensions x dimensions matrices and a few numbers per item. Of labelled items it reads embedding and probabilities.
 */
export const bait: Strategy = {
  name: "bait",
  needs: ["probabilities", "embedding"],
  async select(pool, count, random, signal) {
    refuseTooMany(count, pool.ids.length);
    if (count === 0) return new Uint32Array();
    const pace = startPace("bait", signal);
    const { own, labelled } = informationRoots(pool);
    const trace = await startFisherTrace(own, labelled, ridge, pace);
    return backAndForth(trace, count, random, pace);
  },
};

/** Rows v with v v^T the information of an item: sqrt(p (1 - p)) h. */
function informationRoots(pool: Pool): { own: Matrix; labelled: Matrix } {
  const { own, labelled } = readEmbeddings(pool, "bait");
  const { ids, signals } = pool.labelled;
  const ofPool = scaled(own, readPool(pool, "probabilities"));
  return { own: ofPool, labelled: ids.length === 0 ? labelled : scaled(labelled, read(signals, "probabilities", ids)) };
}

function scaled(embedding: Matrix, probabilities: Matrix): Matrix {
  const scales = perRow(probabilities, (...row) => {
    const highest = highestOf(...row);
    return Math.sqrt(Math.max(0, highest * (1 - highest)));
  });
  return {
    ...embedding,
    values: embedding.values.map((value, i) => value * scales[Math.floor(i / embedding.columns)]!),
  };
}

/** Takes the best until there are twice as many as asked for, then gives up what is missed least. */
async function backAndForth(trace: FisherTrace, count: number, random: Random, pace: Pace): Promise<Uint32Array> {
  const rank = permutation(trace.items, random);
  const taken: number[] = [];
  const everyone = Array.from({ length: trace.items }, (_, item) => item);
  const gains = new Float64Array(trace.items);
  while (taken.length < Math.min(2 * count, trace.items)) {
    for (const item of everyone) gains[item] = trace.gain(item);
    for (const item of taken) gains[item] = -1;
    const best = highestInRank(gains, rank);
    taken.push(best);
    await trace.include(best, everyone, pace);
  }
  while (taken.length > count) {
    const losses = Float64Array.from(taken, (item) => -trace.loss(item));
    const ranks = Uint32Array.from(taken, (item) => rank[item]!);
    const [given] = taken.splice(highestInRank(losses, ranks), 1);
    await trace.exclude(given!, taken, pace);
  }
  return Uint32Array.from(taken);
}
