// Picks for a sum of costs instead of a number.
import { ForelossError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Pool, Strategy } from "../../strategies/index.ts";

/**
 * Positions of picks that cost no more than `budget` together: the longest such beginning of a batch, which is made larger
 * until the budget is used up. `random` gives the same stream every time, so that a larger batch of a strategy that picks
 * one item after the other goes on from the smaller one.
 */
export async function selectWithin(
  budget: number,
  costs: Float32Array,
  pool: Pool,
  strategy: Strategy,
  random: () => Random,
  abort: AbortSignal,
): Promise<Uint32Array> {
  const available = pool.ids.length;
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length);
  for (let count = Math.min(available, Math.ceil(budget / mean) + 1); ; count = Math.min(available, count * 2)) {
    const picks = await strategy.select(pool, count, random(), abort);
    const affordable = beginningWithin(budget, costs, picks);
    if (affordable === 0) {
      throw new ForelossError(`--budget ${budget}: the first pick alone costs ${costs[picks[0]!]}; allow for more`);
    }
    if (affordable < count || count === available) return picks.slice(0, affordable);
  }
}

function beginningWithin(budget: number, costs: Float32Array, picks: Uint32Array): number {
  let spent = 0;
  const over = picks.findIndex((pick) => {
    spent += costs[pick]!;
    return spent > budget;
  });
  return over < 0 ? picks.length : over;
}
