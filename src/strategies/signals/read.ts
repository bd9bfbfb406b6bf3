// How strategies get at signals: given ones checked, missing ones derived from others, and an error that says what to
// give where neither is possible.
import { ForelossError } from "../../core/errors.ts";
import type { ItemId } from "../../core/item.ts";
import type { Matrix, PoolSignal, Signals } from "../../core/signals.ts";
import type { Pool } from "../strategy.ts";
import { given } from "./check.ts";
import { derivations, isDerivable, sources } from "./derive.ts";

/** The signal of `ids`, checked, or derived where it is not given. Throws a `ForelossError` when neither can be done. */
export function read<S extends PoolSignal>(
  signals: Signals,
  signal: S,
  ids: readonly ItemId[],
): NonNullable<Signals[S]> {
  const value = given(signals, signal, ids);
  if (value !== undefined) return value;
  if (!isDerivable(signal) || signalsFor([signal], (name) => signals[name] !== undefined) === null) {
    throw missing(signal);
  }
  const from = sources[signal].map((source) => [source, read(signals, source, ids)]);
  return derivations[signal](Object.fromEntries(from)) as NonNullable<Signals[S]>;
}

/** The error for a signal that is neither given nor to be derived. */
export function missing(signal: PoolSignal): ForelossError {
  return new ForelossError(
    `select: the signal "${signal}" is missing; give ${orInstead(signal)} for every item, as the strategy needs it`,
  );
}

/** The signal of the pool's items. */
export function readPool<S extends PoolSignal>(pool: Pool, signal: S): NonNullable<Signals[S]> {
  return read(pool.signals, signal, pool.ids);
}

/**
 * Which signals to get so that `needs` are met, derived ones included: a need that is there as it stands, else what it is
 * derived from. Null when one cannot be met. `isThere` says what a learner, or a set of files, can give.
 */
export function signalsFor(
  needs: readonly PoolSignal[],
  isThere: (signal: PoolSignal) => boolean,
): readonly PoolSignal[] | null {
  const found = needs.map((need) => {
    if (isThere(need)) return [need];
    return isDerivable(need) ? signalsFor(sources[need], isThere) : null;
  });
  return found.includes(null) ? null : [...new Set(found.flatMap((signals) => signals ?? []))];
}

/** The signal and what may be given instead, for messages: `gradientFactors (or probabilities and embedding)`. */
export function orInstead(signal: PoolSignal): string {
  return isDerivable(signal) ? `${signal} (or ${sources[signal].join(" and ")})` : signal;
}

/** The embeddings of pool and labelled items, of one width; no labelled items give no rows. */
export function readEmbeddings(pool: Pool, where: string): { own: Matrix; labelled: Matrix } {
  const own = readPool(pool, "embedding");
  const { ids, signals } = pool.labelled;
  if (ids.length === 0) return { own, labelled: { rows: 0, columns: own.columns, values: new Float32Array() } };
  const labelled = read(signals, "embedding", ids);
  if (own.rows > 0 && labelled.columns !== own.columns) {
    throw new ForelossError(
      `${where}: labelled items have ${labelled.columns} numbers per embedding, the pool has ${own.columns}; infer both with the same model`,
    );
  }
  return { own, labelled };
}
