// Uncertainty first, then diversity within: one strategy names a multiple of what is asked for, another chooses among them
// (as in Cluster-Margin, Citovsky et al. 2021, and in Zhdanov 2019, with margin and k-means).
import { ForelossError } from "../../core/errors.ts";
import { refuseTooMany } from "../scores.ts";
import { partOf } from "../signals/part.ts";
import type { Strategy } from "../strategy.ts";

/** `second` chooses among the `factor` times `count` items that `first` puts in front. */
export function withinTop(factor: number, first: Strategy, second: Strategy): Strategy {
  const name = `within-top(${factor}, ${first.name}, ${second.name})`;
  if (!(factor >= 1 && Number.isFinite(factor))) {
    throw new ForelossError(`${name}: a factor of ${factor}; give a number from 1, for example 10`);
  }
  return {
    name,
    needs: [...new Set([...first.needs, ...second.needs])],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const candidates = Math.min(pool.ids.length, Math.ceil(factor * count));
      const top = await first.select(pool, candidates, random.stream("first"), signal);
      const chosen = await second.select(partOf(pool, top, second.needs), count, random.stream("second"), signal);
      return chosen.map((position) => top[position]!);
    },
  };
}
