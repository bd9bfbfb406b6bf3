// Picks by the group: a picture with several persons is opened once and labelled whole, so pictures are counted.
import type { Random } from "../../core/random.ts";
import type { Pool, Strategy } from "../../strategies/index.ts";

/**
 * Positions of all items of `count` groups, or of all groups where there are no more. Groups come in the order of their best
 * pick and the items of a group by their own rank, those that were not picked last. The batch of picks is made larger until
 * it holds so many groups; `random` gives the same stream every time, so that a strategy that picks one item after the other
 * goes on from the smaller batch.
 */
export async function selectGroups(
  count: number,
  groups: readonly string[],
  pool: Pool,
  strategy: Strategy,
  random: () => Random,
  abort: AbortSignal,
): Promise<Uint32Array> {
  const available = pool.ids.length;
  for (let size = Math.min(available, count); ; size = Math.min(available, size * 2)) {
    const picks = await strategy.select(pool, size, random(), abort);
    const chosen = new Map<string, number[]>();
    for (const pick of picks) {
      const group = groups[pick]!;
      if (chosen.has(group)) chosen.get(group)!.push(pick);
      else if (chosen.size < count) chosen.set(group, [pick]);
    }
    if (chosen.size === count || size === available) return withRest(chosen, groups);
  }
}

function withRest(chosen: ReadonlyMap<string, number[]>, groups: readonly string[]): Uint32Array {
  const picked = new Set([...chosen.values()].flat());
  for (const [position, group] of groups.entries()) {
    if (!picked.has(position)) chosen.get(group)?.push(position);
  }
  return Uint32Array.from([...chosen.values()].flat());
}
