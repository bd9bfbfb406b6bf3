// How many items to pick may follow from the picks themselves: from what they cost, or belong to.
import type { Random } from "../../core/random.ts";
import type { Pool, Strategy } from "../strategy.ts";

/** A choice whose number of picks is not known yet. */
export interface OpenChoice {
  readonly strategy: Strategy;
  readonly pool: Pool;
  /**
   * Gives the same stream every time, so that a larger batch of a strategy that picks one item after the other goes on from
   * the smaller one.
   */
  readonly random: () => Random;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `take` makes of a batch of picks: of `first`, and of twice as many while it gives undefined. It must not do so for a
 * batch of the whole pool.
 */
export async function growBatch<T>(
  { strategy, pool, random, signal }: OpenChoice,
  first: number,
  take: (picks: Uint32Array, isAll: boolean) => T | undefined,
): Promise<T> {
  const available = pool.ids.length;
  for (let count = Math.min(available, first); ; count = Math.min(available, 2 * count)) {
    const picks = await strategy.select(pool, count, random(), signal);
    const taken = take(picks, count === available);
    if (taken !== undefined) return taken;
    if (count === available) throw new RangeError(`growBatch: nothing taken of all ${available} items`);
  }
}
