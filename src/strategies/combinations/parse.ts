// Strategies with brackets, as people write them: `subsample(10000, learned-loss)`, `tcm(200)`. One table says what may
// stand in the brackets of each.
import { ForelossError } from "../../core/errors.ts";
import { probCover } from "../diversity/prob-cover.ts";
import { tcm } from "../hybrid/tcm.ts";
import type { Strategy } from "../strategy.ts";
import { classBalanced } from "./class-balanced.ts";
import { costAware } from "./cost-aware.ts";
import { onePerGroup } from "./one-per-group.ts";
import { power } from "./power.ts";
import { rankSum } from "./rank-sum.ts";
import { subsample } from "./subsample.ts";
import { withRandom } from "./with-random.ts";
import { withinTop } from "./within-top.ts";

type Kind = "whole" | "number" | "strategy";

interface Combination {
  /** What stands in the brackets, in words, and how the whole looks. */
  readonly wants: string;
  readonly example: string;
  /** What may stand in the brackets, or null when these are not so many. */
  readonly kinds: (count: number) => readonly Kind[] | null;
  /** From values of those kinds. */
  readonly make: (numbers: readonly number[], strategies: readonly Strategy[]) => Strategy;
}

const exactly =
  (...kinds: Kind[]) =>
  (count: number) =>
    count === kinds.length ? kinds : null;

const combinations: Readonly<Record<string, Combination>> = {
  subsample: {
    wants: "a number of items and a strategy are",
    example: "subsample(10000, learned-loss)",
    kinds: exactly("whole", "strategy"),
    make: ([size], [strategy]) => subsample(size!, strategy!),
  },
  "rank-sum": {
    wants: "weights, each before its strategy, are",
    example: "rank-sum(2, learned-loss, 1, margin)",
    kinds: (count) =>
      count >= 2 && count % 2 === 0
        ? Array.from({ length: count }, (_, at) => (at % 2 === 0 ? "number" : "strategy"))
        : null,
    make: (weights, strategies) => rankSum(...strategies.map((strategy, at) => ({ weight: weights[at]!, strategy }))),
  },
  "within-top": {
    wants: "a factor and two strategies are",
    example: "within-top(10, margin, k-means)",
    kinds: exactly("number", "strategy", "strategy"),
    make: ([factor], [first, second]) => withinTop(factor!, first!, second!),
  },
  "one-per-group": {
    wants: "a strategy is",
    example: "one-per-group(margin)",
    kinds: exactly("strategy"),
    make: (_, [strategy]) => onePerGroup(strategy!),
  },
  "class-balanced": {
    wants: "a strategy is",
    example: "class-balanced(entropy)",
    kinds: exactly("strategy"),
    make: (_, [strategy]) => classBalanced(strategy!),
  },
  "cost-aware": {
    wants: "a strategy is",
    example: "cost-aware(entropy)",
    kinds: exactly("strategy"),
    make: (_, [strategy]) => costAware(strategy!),
  },
  "with-random": {
    wants: "a share and a strategy are",
    example: "with-random(0.1, margin)",
    kinds: exactly("number", "strategy"),
    make: ([share], [strategy]) => withRandom(share!, strategy!),
  },
  power: {
    wants: "a number and a strategy, or two numbers, a number of labels and a strategy, are",
    example: "power(1, bald)",
    kinds: (count) => exactly("number", "strategy")(count) ?? exactly("number", "number", "whole", "strategy")(count),
    make: ([from, to, labels], [strategy]) =>
      power(to === undefined ? from! : { from: from!, to, labels: labels! }, strategy!),
  },
  "prob-cover": {
    wants: "a radius is",
    example: "prob-cover(0.5)",
    kinds: exactly("number"),
    make: ([radius]) => probCover(radius),
  },
  tcm: {
    wants: "a number of labels is",
    example: "tcm(200)",
    kinds: exactly("whole"),
    make: ([labels]) => tcm(labels),
  },
};

/** The names that may stand before brackets. */
export const combinationNames: readonly string[] = Object.keys(combinations);

/**
 * The strategy written as `name(..., ...)`, or null when the name is none that takes brackets. `strategyNamed` reads what
 * stands inside. Throws a `ForelossError` with an example when that does not fit.
 */
export function parseCombination(written: string, strategyNamed: (name: string) => Strategy): Strategy | null {
  const head = written.split("(", 1)[0]!.trim();
  if (!Object.hasOwn(combinations, head)) return null;
  const { wants, example, kinds, make } = combinations[head]!;
  const inside = /^[^(]+\((.*)\)$/s.exec(written)?.[1];
  const parts = inside === undefined ? null : splitAtCommas(inside);
  const expected = parts === null ? null : kinds(parts.length);
  if (parts === null || expected === null || !parts.every((part, at) => fits(part, expected[at]!))) {
    throw new ForelossError(`strategy "${written}": ${wants} needed in the brackets; write, for example, "${example}"`);
  }
  return make(
    parts.filter((_, at) => expected[at] !== "strategy").map((part) => Number(part.replaceAll("_", ""))),
    parts.filter((_, at) => expected[at] === "strategy").map(strategyNamed),
  );
}

function fits(part: string, kind: Kind): boolean {
  if (kind === "strategy") return /^[^\d\s]/.test(part);
  return (kind === "whole" ? /^\d[\d_]*$/ : /^\d[\d_]*(?:\.\d+)?$/).test(part);
}

/** The parts between commas that stand in no inner brackets, trimmed; null when brackets do not match. */
function splitAtCommas(text: string): string[] | null {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (depth < 0) return null;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return depth === 0 ? parts.map((part) => part.trim()) : null;
}
