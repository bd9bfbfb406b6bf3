// Picks by the group: a picture with several persons is opened once and labelled whole.
import { groupBy } from "../../core/group-by.ts";
import { growBatch, type OpenChoice } from "./grow-batch.ts";

/** How much is wanted: so many groups, or groups until there are so many items. */
export interface WantedGroups {
  readonly count: number;
  readonly of: "groups" | "items";
}

/**
 * Positions of all items of the first groups that make up what is wanted, or of all groups where there are no more: of items
 * there may be more than `count`, by all but one of the last group. Groups come in the order of their best pick and the items of
 * a group by their own rank, those that were not picked last. `groups` has one entry per item of the pool.
 */
export async function selectWholeGroups(
  choice: OpenChoice,
  groups: readonly string[],
  { count, of }: WantedGroups,
): Promise<Uint32Array> {
  const members = groupBy(groups.keys(), (position) => groups[position]!);
  const weight = (group: string) => (of === "groups" ? 1 : members.get(group)!.length);
  return await growBatch(choice, count, (picks, isAll) => {
    const { chosen, sum } = firstGroups(picks, groups, weight, count);
    return sum >= count || isAll ? withRest(chosen, members) : undefined;
  });
}

/** The picks of the first groups that weigh `count` together, or of all there are. */
function firstGroups(
  picks: Iterable<number>,
  groups: readonly string[],
  weight: (group: string) => number,
  count: number,
): { chosen: ReadonlyMap<string, number[]>; sum: number } {
  const chosen = new Map<string, number[]>();
  let sum = 0;
  for (const pick of picks) {
    const group = groups[pick]!;
    if (chosen.has(group)) chosen.get(group)!.push(pick);
    else if (sum < count) {
      chosen.set(group, [pick]);
      sum += weight(group);
    }
  }
  return { chosen, sum };
}

function withRest(
  chosen: ReadonlyMap<string, readonly number[]>,
  members: ReadonlyMap<string, readonly number[]>,
): Uint32Array {
  const parts = Array.from(chosen, ([group, picks]) => new Set([...picks, ...members.get(group)!]));
  return Uint32Array.from(parts.flatMap((part) => [...part]));
}
