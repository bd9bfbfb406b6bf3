// Core-set: greedy k-centre on the embedding (Sener and Savarese 2018, algorithm 1). Every pick is the item farthest
// from its nearest centre; centres are all labelled items and the picks before it.
import { permutation, type Random } from "../../core/random.ts";
import { farthestRows } from "../kernels/farthest.ts";
import { nearestSquared } from "../kernels/nearest.ts";
import { startPace } from "../kernels/pace.ts";
import { refuseTooMany } from "../scores.ts";
import { readEmbeddings } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";
import { coreSetInParts } from "./core-set-in-parts.ts";

export const coreSet: Strategy = {
  name: "core-set",
  needs: ["embedding"],
  select: farthestFirst,
  inParts: coreSetInParts,
};

/** Euclidean distance of every pool item to its nearest labelled item; Infinity when nothing is labelled. */
export async function scoreByDistance(pool: Pool): Promise<Float32Array> {
  const { own, labelled } = readEmbeddings(pool, "core-set");
  return Float32Array.from(await nearestSquared(own, labelled, startPace("core-set")), Math.sqrt);
}

/** The positions greedy k-centre picks, farthest first. Without labelled items the first is drawn from `random`. */
export async function farthestFirst(
  pool: Pool,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  refuseTooMany(count, pool.ids.length);
  const { own, labelled } = readEmbeddings(pool, "core-set");
  const rank = permutation(pool.ids.length, random);
  return await farthestRows({ own, labelled, rank }, count, startPace("core-set", signal));
}
