// The weighted sum of ranks: several scores made one, each by the order it puts the items in, so that their scales do not
// matter (Borda 1781; as a mix of scores in active learning Ebert, Fritz and Schiele 2012).
import { ForelossError } from "../../core/errors.ts";
import { rankShares } from "../kernels/rank-shares.ts";
import { highestBy, type Scoring } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";
import { scoreOf } from "./score-of.ts";

export interface Part {
  /** Above 0; only the proportions of weights matter. */
  readonly weight: number;
  readonly strategy: Strategy;
}

/** Takes the highest weighted mean of ranks, each in (0, 1] with the highest score at 1. O(items log items) per part. */
export function rankSum(...parts: readonly Part[]): Scoring {
  const name = `rank-sum(${parts.map(({ weight, strategy }) => `${weight}, ${strategy.name}`).join(", ")})`;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (!parts.every(({ weight }) => weight > 0) || !Number.isFinite(total) || parts.length === 0) {
    throw new ForelossError(`${name}: every weight must be above 0; leave out what should not count`);
  }
  const scores = parts.map(({ weight, strategy }) => ({ share: weight / total, score: scoreOf(strategy, name) }));
  const score: Score = (pool) => {
    const sums = new Float64Array(pool.ids.length);
    for (const part of scores) {
      rankShares(part.score(pool)).forEach((rank, item) => {
        sums[item]! += part.share * rank;
      });
    }
    return Float32Array.from(sums);
  };
  return highestBy(name, [...new Set(parts.flatMap(({ strategy }) => strategy.needs))], score);
}
