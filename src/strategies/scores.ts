// Strategies that give every item one score and take the highest. Scoring and selecting are apart, so that an interface
// can show the score as the reason for a pick. Higher always means "ask sooner".
import { ForelossError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { PoolSignal, ScalarSignal } from "../core/signals.ts";
import { readPool } from "./signals/read.ts";
import type { Pool, Score, Strategy } from "./strategy.ts";
import { topScores } from "./top-scores.ts";

/** A strategy with a score. */
export type Scoring = Strategy & { readonly score: Score };

/** The strategy that takes the highest scores. */
export function highestBy(name: string, needs: readonly PoolSignal[], score: Score): Scoring {
  return {
    name,
    needs,
    score,
    select: async (pool, count, random) => {
      refuseTooMany(count, pool.ids.length);
      return highest(score(pool), count, random);
    },
  };
}

/** The score that is one signal as it stands, or as it can be derived. */
export function scoreBy(signal: ScalarSignal): Score {
  return (pool) => readPool(pool, signal);
}

/**
 * Positions of the `count` highest scores, best first. Equal scores come in an order drawn from `random`; a smaller
 * `count` with the same stream gives the beginning of the same list.
 */
export function highest(scores: Float32Array | Float64Array, count: number, random: Random): Uint32Array {
  refuseTooMany(count, scores.length);
  const top = topScores(count, random);
  top.offer(scores);
  return top.best().positions;
}

/** Gives the pool's scores back when none is below 0; else throws a `ForelossError` that names the item and says `advice`. */
export function refuseNegative<Scores extends Float32Array | Float64Array>(
  scores: Scores,
  pool: Pool,
  where: string,
  advice: string,
): Scores {
  const at = scores.findIndex((score: number) => score < 0);
  if (at < 0) return scores;
  throw new ForelossError(`${where}: the score of item "${pool.ids[at]}" is ${scores[at]}, below 0; ${advice}`);
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
