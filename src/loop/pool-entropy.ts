// How unsure a model is of the pool as a whole: what falls when there is less and less left to learn from it.
import { ForelossError } from "../core/errors.ts";
import type { ItemId } from "../core/item.ts";
import type { Signals } from "../core/signals.ts";
import { mean } from "../core/statistics.ts";
import type { PoolEntropy } from "../records/results.ts";
import type { Learner } from "./learner.ts";

export interface EntropyOptions {
  readonly learner: Learner;
  /** In random order. */
  readonly candidates: readonly ItemId[];
  /** What is known of all candidates already. */
  readonly signals: Signals;
  /** So many of them are inferred when their entropy is not known; 0 infers none. */
  readonly sample: number;
  readonly signal: AbortSignal | undefined;
}

/** Undefined where the entropy is not known and none is to be inferred. */
export async function entropyOfPool(options: EntropyOptions): Promise<PoolEntropy | undefined> {
  const { learner, candidates, signals, sample, signal } = options;
  if (signals.entropy !== undefined) return averaged(signals.entropy);
  const items = candidates.slice(0, sample);
  if (items.length === 0) return undefined;
  const { entropy } = await learner.infer(items, ["entropy"], { signal });
  return entropy === undefined ? undefined : averaged(entropy);
}

function averaged(entropy: Float32Array): PoolEntropy {
  const average = mean(entropy);
  if (Number.isFinite(average)) return { mean: average, items: entropy.length };
  throw new ForelossError(`the entropy of the pool is ${average} on average; look at the model's training`);
}
