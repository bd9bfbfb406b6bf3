// What a query strategy is: a value that declares which signals it needs and turns them into picks.
import type { ItemId } from "../core/item.ts";
import type { Random } from "../core/random.ts";
import type { Signal, Signals } from "../core/signals.ts";

/** The items to choose from, with their signals, and the same signals of what is labelled already. */
export interface Pool {
  /** Ids of the unlabelled items; positions in this list are what `select` returns. */
  readonly ids: readonly ItemId[];
  /** Signals of `ids`: those in the strategy's `needs`. */
  readonly signals: Signals;
  /** Labelled items and their embedding (present when `embedding` is needed). */
  readonly labelled: { readonly ids: readonly ItemId[]; readonly signals: Signals };
}

export interface Strategy {
  /** As typed on the command line and written in results. */
  readonly name: string;
  /** The loop computes these and nothing else. */
  readonly needs: readonly Signal[];
  /**
   * Positions in `pool.ids`, best first: exactly `count`, all different. Ties are broken by `random`, never by position.
   * Throws a `ForelossError` naming the item when a signal is not finite, and when `count` exceeds the pool. What takes
   * long looks at `signal` now and then, and throws an `InterruptedError` when it is aborted.
   */
  select(pool: Pool, count: number, random: Random, signal?: AbortSignal): Promise<Uint32Array>;
}
