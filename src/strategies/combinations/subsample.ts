// The wrapper that lets a strategy see only a random part of the pool: near-duplicates of the best item are then less
// likely to fill the batch (Beluch et al. 2018; Yoo and Kweon 2019, section 4, with 10,000), and selecting costs less.
import { ForelossError } from "../../core/errors.ts";
import { sampleWithoutReplacement } from "../../core/random.ts";
import { refuseTooMany } from "../scores.ts";
import { partOf } from "../signals/part.ts";
import type { Strategy } from "../strategy.ts";

/** `strategy` on `size` items drawn without replacement, or on the whole pool when it holds no more than that. */
export function subsample(size: number, strategy: Strategy): Strategy {
  const name = `subsample(${size}, ${strategy.name})`;
  if (!Number.isSafeInteger(size) || size < 1)
    throw new ForelossError(`${name}: ${size} items; give a whole number from 1`);
  return {
    name,
    needs: strategy.needs,
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      if (count > size) {
        throw new ForelossError(`${name}: ${count} items asked for, ${size} are drawn; draw at least ${count}`);
      }
      const available = pool.ids.length;
      const drawn = sampleWithoutReplacement(available, Math.min(size, available), random.stream("subsample"));
      const part = partOf(pool, drawn, strategy.needs);
      const chosen = await strategy.select(part, count, random.stream("subsampled"), signal);
      return chosen.map((position) => drawn[position]!);
    },
  };
}
