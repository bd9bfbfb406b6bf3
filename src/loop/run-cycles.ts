// The cycle of active learning: fit, pick, ask, again. It decides only what happens next; training is the learner's,
// choosing the strategy's, labels the oracle's, and keeping what was done the journal's.
import type { Random } from "../core/random.ts";
import type { ScalarSignal } from "../core/signals.ts";
import type { LabellingRecipe } from "../records/recipe.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { Learner } from "./learner.ts";
import type { Oracle } from "./oracle.ts";
import type { PoolState } from "./pool-state.ts";
import type { Phase, Step } from "./steps.ts";

/** Keeps finished steps. The loop goes on only when `append` is done. */
export interface Journal<Label = unknown> {
  append(step: Step<Label>): Promise<void>;
}

/** What the loop is doing; `done` of `total` training steps while it fits, null else. */
export interface CycleProgress {
  readonly cycle: number;
  readonly phase: Phase;
  readonly done: number | null;
  readonly total: number | null;
}

export interface CyclesOptions<Label = unknown> {
  readonly learner: Learner<Label>;
  readonly strategy: Strategy;
  readonly oracle: Oracle<Label>;
  /** As it was before the first step, also when resuming. */
  readonly state: PoolState<Label>;
  readonly labelling: LabellingRecipe;
  /** The seed's root stream; the loop draws from its streams `initial`, `subset` and `ties`, each named by the cycle. */
  readonly random: Random;
  readonly journal: Journal<Label>;
  /** Steps finished before; empty for a new run. If the last is `fitted`, the learner must have been restored to it. */
  readonly history?: readonly Step<Label>[];
  /** Signals to note with every pick besides those the strategy needs; inferred for the picks only. */
  readonly noted?: readonly ScalarSignal[];
  /** Seconds of a clock that never goes back, for `scoreSeconds`. */
  readonly nowSeconds: () => number;
  /** When aborted, the loop stops before its next step with an `InterruptedError`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CycleProgress) => void;
}

/** Why a run of cycles ended. */
export type Ending =
  /** All cycles were trained. */
  | "budget spent"
  /** No item is left in the pool. */
  | "pool exhausted"
  /** A whole batch was asked for and not one label came. */
  | "no answers";

export interface CyclesOutcome<Label = unknown> {
  readonly ending: Ending;
  readonly state: PoolState<Label>;
  /** Every step from the first on, those of `history` included. */
  readonly steps: readonly Step<Label>[];
}
