// All query strategies by the names under which users type them.
import { ForelossError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { coreSet } from "./core-set.ts";
import { entropy } from "./entropy.ts";
import { learnedLoss } from "./learned-loss.ts";
import { leastConfidence } from "./least-confidence.ts";
import { margin } from "./margin.ts";
import { random } from "./random.ts";
import type { Strategy } from "./strategy.ts";
import { subsample } from "./subsample.ts";
import { trueLoss } from "./true-loss.ts";

export { coreSet, farthestFirst, scoreByDistance } from "./core-set.ts";
export { entropy, scoreByEntropy } from "./entropy.ts";
export { learnedLoss, scoreByPredictedLoss } from "./learned-loss.ts";
export { leastConfidence, scoreByLeastConfidence } from "./least-confidence.ts";
export { margin, scoreByMargin } from "./margin.ts";
export { random } from "./random.ts";
export { highest, highestBy, type Score, scoreBy } from "./scores.ts";
export type { Pool, Strategy } from "./strategy.ts";
export { subsample } from "./subsample.ts";
export { scoreByTrueLoss, trueLoss } from "./true-loss.ts";

/** Every strategy that stands for itself; `subsample(n, strategy)` wraps any of them. */
export const strategies: readonly Strategy[] = [
  random,
  entropy,
  margin,
  leastConfidence,
  coreSet,
  learnedLoss,
  trueLoss,
];

/**
 * The strategy written as `entropy` or `subsample(10000, learned-loss)`; underscores may group the digits.
 * Throws a `ForelossError` with the nearest right name when there is none.
 */
export function strategyNamed(name: string): Strategy {
  const written = name.trim();
  const found = strategies.find((strategy) => strategy.name === written);
  if (found !== undefined) return found;
  const head = written.split("(", 1)[0]!.trim();
  if (head === "subsample") return parseSubsample(written);
  const names = [...strategies.map((strategy) => strategy.name), "subsample"];
  throw new ForelossError(`strategy "${written}" is unknown${didYouMean(head, names)}`);
}

function parseSubsample(written: string): Strategy {
  const parts = /^subsample\s*\(\s*([0-9_]+)\s*,(.+)\)$/.exec(written);
  if (parts === null) {
    throw new ForelossError(
      `strategy "${written}": a number of items and a strategy are needed in the brackets; write, for example, "subsample(10000, learned-loss)"`,
    );
  }
  return subsample(Number(parts[1]!.replaceAll("_", "")), strategyNamed(parts[2]!));
}
