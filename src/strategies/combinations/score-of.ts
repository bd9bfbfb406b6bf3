// What a wrapper that works on scores asks of the strategy in its brackets.
import { ForelossError } from "../../core/errors.ts";
import { refuseNegative } from "../scores.ts";
import type { Score, Strategy } from "../strategy.ts";

/** The strategy's score. Throws a `ForelossError` where it has none; `wrapper` is the name of the whole. */
export function scoreOf(strategy: Strategy, wrapper: string): Score {
  if (strategy.score !== undefined) return strategy.score;
  throw new ForelossError(
    `${wrapper}: "${strategy.name}" gives no score to each item; take one that does, for example margin or learned-loss`,
  );
}

/** The same, with none of the scores below 0. */
export function positiveScoreOf(strategy: Strategy, wrapper: string): Score {
  const score = scoreOf(strategy, wrapper);
  return (pool) => refuseNegative(score(pool), pool, wrapper, `go by ranks: rank-sum(1, ${strategy.name})`);
}
