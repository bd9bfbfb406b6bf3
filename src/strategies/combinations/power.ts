// Power noise: draws without replacement, each time with a probability in proportion to score^beta, instead of taking the
// highest scores, which are often near-duplicates (Kirsch et al. 2023; PowerBALD with `bald`). The chance of
// every pick is known, which unbiased estimates of the loss need (Farquhar, Gal and Rainforth 2021).
import { ForelossError } from "../../core/errors.ts";
import { highest, refuseTooMany } from "../scores.ts";
import type { Pool, Strategy } from "../strategy.ts";
import { positiveScoreOf } from "./score-of.ts";

/** How sharp the choice is: 0 would be evenly random, infinity the highest scores. */
export interface Schedule {
  readonly from: number;
  /** Reached, in a straight line, at so many labels. */
  readonly to: number;
  readonly labels: number;
}

/** With a schedule the choice grows sharper, or less sharp, as labels come in. O(items log items). */
export function power(beta: number | Schedule, strategy: Strategy): Strategy {
  const schedule = typeof beta === "number" ? { from: beta, to: beta, labels: 1 } : beta;
  const { from, to, labels } = schedule;
  const numbers = typeof beta === "number" ? [beta] : [from, to, labels];
  const name = `power(${[...numbers, strategy.name].join(", ")})`;
  if (!numbers.every((value) => value > 0 && Number.isFinite(value))) {
    throw new ForelossError(`${name}: every number must be above 0`);
  }
  const score = positiveScoreOf(strategy, name);
  return {
    name,
    needs: strategy.needs,
    async select(pool, count, random) {
      refuseTooMany(count, pool.ids.length);
      const sharpness = sharpnessFor(schedule, pool);
      const keys = Float64Array.from(score(pool), (value) => sharpness * Math.log(value) + gumbel(random.next()));
      return highest(keys, count, random.stream("ties"));
    },
  };
}

/** Beta for the pool's number of labels. */
export function sharpnessFor({ from, to, labels }: Schedule, pool: Pool): number {
  return from + (to - from) * Math.min(1, pool.labelled.ids.length / labels);
}

/**
 * For every pick the chance it had among the items that were left when it was drawn: score^beta over the sum of theirs.
 * `picks` in the order in which they were drawn. O(items + picks).
 */
export function chancesInTurn(scores: ArrayLike<number>, beta: number, picks: ArrayLike<number>): Float64Array {
  const logs = Float64Array.from(scores, (score) => beta * Math.log(score));
  const most = logs.reduce((highest, log) => Math.max(highest, log), -Infinity);
  const weights = logs.map((log) => (most === -Infinity ? 1 : Math.exp(log - most)));
  const picked = new Set(Array.from(picks));
  let left = weights.reduce((sum, weight, item) => (picked.has(item) ? sum : sum + weight), 0);
  const chances = new Float64Array(picks.length);
  for (let k = picks.length - 1; k >= 0; k--) {
    left += weights[picks[k]!]!; // from the last pick back, so that nothing is ever subtracted
    chances[k] = left > 0 ? weights[picks[k]!]! / left : 1 / (scores.length - k);
  }
  return chances;
}

/** Gumbel noise from a uniform number in steps of 2^-32: the highest of log w + noise is a draw in proportion to w. */
function gumbel(uniform: number): number {
  return -Math.log(-Math.log(uniform + 2 ** -33));
}
