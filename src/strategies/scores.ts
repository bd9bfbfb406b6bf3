// Strategies that give every item one score and take the highest. Scoring and selecting are apart, so that an interface
// can show the score as the reason for a pick. Higher always means "ask sooner".
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import { permutation, type Random } from "../core/random.ts";
import type { Matrix, ScalarSignal } from "../core/signals.ts";
import type { Pool, Strategy } from "./strategy.ts";

/** Scores of the pool's items, in order; throws a `ForelossError` naming the item whose score is not finite. */
export type Score = (pool: Pool) => Float32Array;

/** The strategy that takes the highest scores. */
export function highestBy(name: string, needs: readonly ScalarSignal[], score: Score): Strategy {
  return {
    name,
    needs,
    select: async (pool, count, random) => {
      refuseTooMany(count, pool.ids.length);
      return highest(score(pool), count, random);
    },
  };
}

/** The score that is one signal as it stands. */
export function scoreBy(signal: ScalarSignal): Score {
  return (pool) => {
    const scores = pool.signals[signal];
    if (scores === undefined) throw missing(signal);
    refuseWrongLength(signal, scores.length, pool.ids.length);
    const at = scores.findIndex((score) => !Number.isFinite(score));
    if (at >= 0) throw notFinite(signal, pool.ids[at]!, scores[at]!);
    return scores;
  };
}

/**
 * Positions of the `count` highest scores, best first. Equal scores come in an order drawn from `random`; a smaller
 * `count` with the same stream gives the beginning of the same list.
 */
export function highest(scores: Float32Array, count: number, random: Random): Uint32Array {
  refuseTooMany(count, scores.length);
  if (count === 0) return new Uint32Array();
  const least = scores.slice().sort()[scores.length - count]!;
  return permutation(scores.length, random)
    .filter((position) => scores[position]! >= least)
    .sort((a, b) => scores[b]! - scores[a]!) // stable, so that ties keep their drawn order
    .slice(0, count);
}

/** Throws when `count` is no whole number of items, or the pool does not hold so many. */
export function refuseTooMany(count: number, available: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ForelossError(`select: ${count} items asked for; give a whole number from 0`);
  }
  if (count > available) {
    throw new ForelossError(`pool exhausted: ${count} items asked for, ${available} available; ask for fewer`);
  }
}

/** The embedding of `ids`, checked: present, one row per item, every number finite. */
export function finiteEmbedding(embedding: Matrix | undefined, ids: readonly ItemId[]): Matrix {
  if (embedding === undefined) throw missing("embedding");
  const { rows, columns, values } = embedding;
  refuseWrongLength("embedding", rows, ids.length);
  refuseWrongLength("embedding values", values.length, rows * columns);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw notFinite("embedding", ids[Math.floor(at / columns)]!, values[at]!);
  return embedding;
}

function missing(signal: string): ForelossError {
  return new ForelossError(`select: the signal "${signal}" is missing; give every signal that the strategy needs`);
}

function refuseWrongLength(what: string, length: number, expected: number): void {
  if (length !== expected) throw new ForelossError(`select: ${what} has ${length} entries; ${expected} are needed`);
}

function notFinite(signal: string, id: ItemId, value: number): ForelossError {
  return new ForelossError(
    `select: ${signal} of item "${id}" is ${value}; every number must be finite, so look at the model's training`,
  );
}
