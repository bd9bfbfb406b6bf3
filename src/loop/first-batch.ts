// The first items to be labelled, when nothing is labelled and nothing trained: at random, or by a strategy that goes by
// the embedding of the model as it starts out. That embedding is worth as much as the weights the model starts from.
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import type { Random } from "../core/random.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { choose } from "./choose.ts";
import { type GroupOf, withTheirGroups } from "./item-groups.ts";
import type { InferOptions, Learner } from "./learner.ts";

/**
 * Gives `count` different ones of `candidates`, which come in random order; where items have groups, whole ones, at least so
 * many. Tells how many it has looked at.
 */
export type FirstBatch = (
  candidates: readonly ItemId[],
  count: number,
  onProgress?: InferOptions["onProgress"],
) => Promise<readonly ItemId[]>;

export interface FirstBatchOptions {
  /** One that was not fitted yet. */
  readonly learner: Learner;
  readonly strategy: Strategy;
  /** Choose among so many of the candidates; null is all. */
  readonly subset: number | null;
  readonly groupOf?: GroupOf | undefined;
  /** Gives the same stream every time. */
  readonly ties: () => Random;
  readonly signal?: AbortSignal | undefined;
}

/** The first batch as `strategy` chooses it. Throws a `ForelossError` when it needs more than an embedding. */
export function firstBatchBy({ learner, strategy, subset, groupOf, ties, signal }: FirstBatchOptions): FirstBatch {
  const lacking = strategy.needs.filter((need) => need !== "embedding");
  if (lacking.length > 0) {
    throw new ForelossError(
      `first batch: strategy "${strategy.name}" goes by ${lacking.join(", ")}, which says nothing before the first training; take random, or one that needs no more than embedding`,
    );
  }
  return async (candidates, count, onProgress) => {
    if (subset !== null && subset < count) {
      throw new ForelossError(
        `labelling.subset: ${subset} items cannot give the ${count} first ones; make it at least labelling.initial, or null`,
      );
    }
    const others = candidates.slice(subset ?? candidates.length);
    const among = withTheirGroups(candidates.slice(0, subset ?? undefined), others, groupOf);
    const { picks } = await choose({
      learner,
      strategy,
      candidates: among,
      labelled: [],
      count,
      groups: groupOf && among.map(groupOf),
      ties,
      noted: [],
      signal,
      onProgress,
    });
    return picks.map(({ item }) => item);
  };
}

/** Throws where a first batch is not what was asked for. */
export function refuseWrongBatch(
  ids: readonly ItemId[],
  candidates: readonly ItemId[],
  wanted: number,
  groupOf?: GroupOf,
): void {
  const allowed = new Set(candidates);
  const strange = ids.find((id) => !allowed.delete(id));
  if (strange === undefined && (groupOf === undefined ? ids.length === wanted : ids.length >= wanted)) return;
  const what = strange === undefined ? `${ids.length} items` : `"${strange}", which is no candidate or comes twice`;
  throw new ForelossError(`first batch: ${what}; it must be ${wanted} different candidates`);
}
