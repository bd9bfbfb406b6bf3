// One item per group of near-duplicates: labelling the same picture twice teaches nothing, and the highest scores of a
// redundant pool are copies of each other.
import { permutation, type Random } from "../../core/random.ts";
import { refuseTooMany } from "../scores.ts";
import { afterTaking, partOf } from "../signals/part.ts";
import { read, readPool } from "../signals/read.ts";
import type { Pool, Strategy } from "../strategy.ts";

/**
 * `strategy` on one item of every group that has no label yet, drawn at random. Only when there are more picks than such
 * groups does it go on with a second item of each (groups with one label count as drawn from once, and so on); the picks
 * before then count as labelled.
 */
export function onePerGroup(strategy: Strategy): Strategy {
  const needs = [...new Set([...strategy.needs, "group" as const])];
  return {
    name: `one-per-group(${strategy.name})`,
    needs,
    async select(pool, count, random, signal) {
      refuseTooMany(count, pool.ids.length);
      const tiers = tiersOf(pool, random.stream("order"));
      let picks = new Uint32Array();
      for (let k = 0; k < tiers.length && picks.length < count; k++) {
        const tier = tiers[k]!;
        const part = k === 0 ? partOf(pool, tier, strategy.needs) : afterTaking(pool, picks, tier, strategy.needs);
        const wanted = Math.min(tier.length, count - picks.length);
        const chosen = await strategy.select(part, wanted, random.stream("tier", k), signal);
        picks = Uint32Array.from([...picks, ...chosen.map((position) => tier[position]!)]);
      }
      return picks;
    },
  };
}

/** First one item of every group, then a second of each that has one, and so on. */
function tiersOf(pool: Pool, random: Random): Uint32Array[] {
  const groups = readPool(pool, "group");
  const drawn = labelsPerGroup(pool);
  const tiers: number[][] = [];
  for (const item of permutation(groups.length, random)) {
    const group = groups[item]!;
    const tier = drawn.get(group) ?? 0;
    drawn.set(group, tier + 1);
    for (let k = tiers.length; k <= tier; k++) tiers.push([]);
    tiers[tier]!.push(item);
  }
  return tiers.map((tier) => Uint32Array.from(tier)).filter((tier) => tier.length > 0);
}

/** None where the labelled items' groups are not told. */
function labelsPerGroup({ labelled }: Pool): Map<number, number> {
  const counts = new Map<number, number>();
  if (labelled.signals.group === undefined) return counts;
  for (const group of read(labelled.signals, "group", labelled.ids)) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}
