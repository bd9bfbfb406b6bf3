// Cost-aware choice: score per second of labelling, the return on what is spent (Haertel, Seppi, Ringger and Carroll 2008;
// Settles, Craven and Friedland 2008).
import { highestBy, type Scoring } from "../scores.ts";
import { readPool } from "../signals/read.ts";
import type { Score, Strategy } from "../strategy.ts";
import { positiveScoreOf } from "./score-of.ts";

/** Takes the highest score / cost. The score must have a meaning as a ratio: rank-sum(1, ...) gives one to any order. */
export function costAware(strategy: Strategy): Scoring {
  const name = `cost-aware(${strategy.name})`;
  const inner = positiveScoreOf(strategy, name);
  const score: Score = (pool) => {
    const costs = readPool(pool, "cost");
    return inner(pool).map((value, item) => value / costs[item]!);
  };
  return highestBy(name, [...new Set([...strategy.needs, "cost" as const])], score);
}
