// Class-balanced choice: the same number of picks from every predicted class, as far as there are so many, so that rare
// classes are not starved (for imbalanced pools Aggarwal, Popescu and Hudelot 2020, who count what is labelled too).
import { permutation, type Random } from "../../core/random.ts";
import { refuseTooMany } from "../scores.ts";
import { partsOf } from "../signals/part.ts";
import { readPool } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

/** `strategy` within every predicted class; the classes give their best in turn, in an order that is drawn. */
export function classBalanced(strategy: Strategy): Strategy {
  return {
    name: `class-balanced(${strategy.name})`,
    needs: [...new Set([...strategy.needs, "predictedClass" as const])],
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const classes = itemsPerClass(pool, random.stream("classes"));
      const quotas = fairQuotas(
        classes.map(({ length }) => length),
        count,
      );
      const lists: Uint32Array[] = [];
      for (const [k, part] of partsOf(pool, classes, strategy.needs).entries()) {
        const chosen = await strategy.select(part, quotas[k]!, random.stream("class", k), signal);
        lists.push(chosen.map((position) => classes[k]![position]!));
      }
      return inTurn(lists, count);
    },
  };
}

/** Positions of every class that is predicted, classes in random order. */
function itemsPerClass(pool: Pool, random: Random): Uint32Array[] {
  const items = new Map<number, number[]>();
  readPool(pool, "predictedClass").forEach((c, item) => {
    const list = items.get(c);
    if (list === undefined) items.set(c, [item]);
    else list.push(item);
  });
  const known = [...items.keys()].sort((a, b) => a - b);
  return Array.from(permutation(known.length, random), (k) => Uint32Array.from(items.get(known[k]!)!));
}

/** How many each class gives when they give in turn until there are `count`. */
function fairQuotas(available: readonly number[], count: number): number[] {
  const quotas = available.map(() => 0);
  for (let given = 0; given < count; ) {
    for (let k = 0; k < quotas.length && given < count; k++) {
      if (quotas[k] === available[k]) continue;
      quotas[k]!++;
      given++;
    }
  }
  return quotas;
}

/** The first of every list, then the second, ... */
function inTurn(lists: readonly Uint32Array[], count: number): Uint32Array {
  const picks: number[] = [];
  for (let round = 0; picks.length < count; round++) {
    for (const list of lists) if (round < list.length) picks.push(list[round]!);
  }
  return Uint32Array.from(picks);
}
