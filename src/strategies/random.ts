// Random choice without replacement: the baseline every other strategy is held against.
import { sampleWithoutReplacement } from "../core/random.ts";
import { refuseTooMany } from "./scores.ts";
import type { Strategy } from "./strategy.ts";

export const random: Strategy = {
  name: "random",
  needs: [],
  select: async (pool, count, stream) => {
    refuseTooMany(count, pool.ids.length);
    return sampleWithoutReplacement(pool.ids.length, count, stream);
  },
};
