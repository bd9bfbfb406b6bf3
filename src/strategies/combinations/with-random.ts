// A share of random items: drawn evenly from the pool before anything else is chosen, so that they are an unbiased sample
// of it. On them a model can be measured, and the strategy held against chance while it works.
import { ForelossError } from "../../core/errors.ts";
import { sampleWithoutReplacement } from "../../core/random.ts";
import { refuseTooMany } from "../scores.ts";
import { afterTaking, positionsWithout } from "../signals/part.ts";
import type { Strategy } from "../strategy.ts";

/** `strategy` chooses the rest with the random items counted as labelled. `isRandomPick` tells which are which. */
export function withRandom(share: number, strategy: Strategy): Strategy {
  const name = `with-random(${share}, ${strategy.name})`;
  if (!(share > 0 && share < 1)) throw new ForelossError(`${name}: a share of ${share}; give a number between 0 and 1`);
  return {
    name,
    needs: strategy.needs,
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const turns = Array.from({ length: count }, (_, at) => isRandomPick(at, share));
      const even = turns.filter((isRandom) => isRandom).length;
      const drawn = sampleWithoutReplacement(pool.ids.length, even, random.stream("random"));
      const rest = positionsWithout(pool, drawn);
      const part = afterTaking(pool, drawn, rest, strategy.needs);
      const chosen = await strategy.select(part, count - even, random.stream("chosen"), signal);
      const queues = { random: drawn.values(), chosen: chosen.map((position) => rest[position]!).values() };
      return Uint32Array.from(turns, (isRandom) => queues[isRandom ? "random" : "chosen"].next().value!);
    },
  };
}

/** True when the pick at this place of the list, from 0, is one of the random ones: they are spread evenly. */
export function isRandomPick(at: number, share: number): boolean {
  return Math.floor((at + 1) * share) > Math.floor(at * share);
}
