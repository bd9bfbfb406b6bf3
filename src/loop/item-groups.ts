// Items that are labelled together: the persons of a picture that is opened once. A batch of labels then holds whole groups, and
// ends with the first that fills it.
import { ForelossError } from "../core/errors.ts";
import { groupBy } from "../core/group-by.ts";
import type { ItemId } from "../core/item.ts";
import type { LabellingRecipe } from "../records/recipe.ts";

/** The group of an item, by its id. */
export type GroupOf = (id: ItemId) => string;

/** `chosen`, and behind them those of `others` that share a group with one of them. */
export function withTheirGroups(
  chosen: readonly ItemId[],
  others: readonly ItemId[],
  groupOf: GroupOf | undefined,
): readonly ItemId[] {
  if (groupOf === undefined) return chosen;
  const groups = new Set(chosen.map(groupOf));
  return [...chosen, ...others.filter((id) => groups.has(groupOf(id)))];
}

/** The first of `ids` that make up at least `count` with the others of their groups, group by group. */
export function firstWholeGroups(ids: readonly ItemId[], count: number, groupOf: GroupOf): ItemId[] {
  const members = groupBy(ids, groupOf);
  const chosen: ItemId[] = [];
  for (const group of members.values()) {
    if (chosen.length >= count) break;
    chosen.push(...group);
  }
  return chosen;
}

/**
 * Throws a `ForelossError` where a batch could be smaller than a group: what one batch has too much is taken off the next, which
 * must be left with something.
 */
export function refuseLargeGroups(
  { perCycle }: Pick<LabellingRecipe, "perCycle">,
  ids: Iterable<ItemId>,
  groupOf: GroupOf,
): void {
  const groups = [...groupBy(ids, groupOf)];
  const [largest, members] = groups.reduce((most, one) => (one[1].length > most[1].length ? one : most), ["", []]);
  const size = members.length;
  if (size <= perCycle) return;
  throw new ForelossError(
    `labelling.perCycle: ${perCycle}, but ${largest} has ${size} items, which are labelled together`,
    {
      hint: `Make it at least ${size}.`,
    },
  );
}
