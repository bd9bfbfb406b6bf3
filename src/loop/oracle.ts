// Who answers when the loop asks for labels: people, or a data set whose labels are known.
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";

/**
 * One thing said about one item. `label` and `ignore` answer for an asked item. `relabel` changes an earlier label;
 * `ignore` sets any item aside and `restore` puts one back into the pool, and both drop the label it may have had.
 */
export type Answer<Label = unknown> =
  | { readonly kind: "label"; readonly id: ItemId; readonly label: Label }
  | { readonly kind: "relabel"; readonly id: ItemId; readonly label: Label }
  | { readonly kind: "ignore"; readonly id: ItemId }
  | { readonly kind: "restore"; readonly id: ItemId };

export interface Question {
  /** The cycle whose training will first use the answers; 0 asks for the initial set. */
  readonly cycle: number;
  readonly signal?: AbortSignal;
}

export interface Oracle<Label = unknown> {
  /**
   * Answers for `ids`, which stand in the order in which they should be labelled. An item left out is skipped: it stays
   * in the pool and may be asked for again. After an interruption the same question may come a second time.
   */
  ask(ids: readonly ItemId[], question: Question): Promise<readonly Answer<Label>[]>;
}

/** The oracle of a benchmark: it knows every label. Throws a `ForelossError` for an item without one. */
export function knownLabels<Label>(labels: ReadonlyMap<ItemId, Label>): Oracle<Label> {
  return {
    ask: async (ids) =>
      ids.map((id) => {
        const label = labels.get(id);
        if (label === undefined) {
          throw new ForelossError(
            `oracle: item "${id}" has no known label; an experiment needs the label of every item`,
          );
        }
        return { kind: "label", id, label };
      }),
  };
}
