// What a query strategy is: a value that declares which signals it needs and turns them into picks.
import type { ItemId } from "../core/item.ts";
import type { Random } from "../core/random.ts";
import type { Matrix, PoolSignal, Signals } from "../core/signals.ts";

/** What is labelled already. */
export interface Labelled {
  readonly ids: readonly ItemId[];
  /** Signals of `ids`: those of `labelledSignals` that the strategy needs. */
  readonly signals: Signals;
  /** Index of the class each has, where labels are classes. */
  readonly classes?: Uint32Array;
}

/** The items to choose from, with their signals, and what is labelled already. */
export interface Pool {
  /** Ids of the unlabelled items; positions in this list are what `select` returns. */
  readonly ids: readonly ItemId[];
  /** Signals of `ids`: those in the strategy's `needs`. */
  readonly signals: Signals;
  readonly labelled: Labelled;
}

/** Signals that strategies read of the labelled items too, where they need them of the pool. */
export const labelledSignals = ["embedding", "probabilities", "group"] as const;

/** Scores of the pool's items, in order; throws a `ForelossError` naming the item whose score is not finite. */
export type Score = (pool: Pool) => Float32Array;

/**
 * Rows picked of embeddings that come in parts, best first; rows are counted through all parts. A part is looked at no more
 * once the next is asked for, so that all may lie in the same memory.
 */
export type SelectInParts = (
  parts: AsyncIterable<Matrix> | Iterable<Matrix>,
  labelled: Matrix,
  count: number,
  random: Random,
  signal?: AbortSignal,
) => Promise<Uint32Array>;

export interface Strategy {
  /** As typed on the command line and written in results. */
  readonly name: string;
  /** The loop computes these, or what they can be derived from (see `signalsFor`), and nothing else. */
  readonly needs: readonly PoolSignal[];
  /** There for a strategy that takes the highest scores, each of which is the item's alone. Higher means "ask sooner". */
  readonly score?: Score;
  /** There for a strategy on embeddings alone that need not have all of them in memory. What that costs is its own to say. */
  readonly inParts?: SelectInParts;
  /**
   * Positions in `pool.ids`, best first: exactly `count`, all different. Ties are broken by `random`, never by position.
   * Throws a `ForelossError` naming the item when a signal is not finite, and when `count` exceeds the pool. What takes
   * long looks at `signal` now and then, and throws an `InterruptedError` when it is aborted.
   */
  select(pool: Pool, count: number, random: Random, signal?: AbortSignal): Promise<Uint32Array>;
}
