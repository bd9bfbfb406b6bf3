// Picks for a sum of costs instead of a number.
import { ForelossError } from "../../core/errors.ts";
import { growBatch, type OpenChoice } from "../../strategies/batches/grow-batch.ts";

/** Positions of picks that cost no more than `budget` together: the longest such beginning of a batch that uses it up. */
export async function selectWithin(budget: number, costs: Float32Array, choice: OpenChoice): Promise<Uint32Array> {
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length);
  return await growBatch(choice, Math.ceil(budget / mean) + 1, (picks, isAll) => {
    const affordable = beginningWithin(budget, costs, picks);
    if (affordable === 0) {
      throw new ForelossError(`--budget ${budget}: the first pick alone costs ${costs[picks[0]!]}; allow for more`);
    }
    return affordable < picks.length || isAll ? picks.slice(0, affordable) : undefined;
  });
}

function beginningWithin(budget: number, costs: Float32Array, picks: Uint32Array): number {
  let spent = 0;
  const over = picks.findIndex((pick) => {
    spent += costs[pick]!;
    return spent > budget;
  });
  return over < 0 ? picks.length : over;
}
