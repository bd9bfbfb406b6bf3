// The cycle of active learning: fit, pick, ask, again. It decides only what happens next; training is the learner's,
// choosing the strategy's, labels the oracle's, and keeping what was done the journal's.
import { ForelossError, InterruptedError, stopIfAborted } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { ScalarSignal } from "../core/signals.ts";
import type { LabellingRecipe } from "../records/recipe.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { choose, inferable, ranked } from "./choose.ts";
import { type FirstBatch, refuseWrongBatch } from "./first-batch.ts";
import { firstWholeGroups, type GroupOf, refuseLargeGroups, withTheirGroups } from "./item-groups.ts";
import type { Learner } from "./learner.ts";
import type { Oracle } from "./oracle.ts";
import { entropyOfPool } from "./pool-entropy.ts";
import type { PoolState } from "./pool-state.ts";
import { advance, type Phase, type Position, type Step, startingPosition } from "./steps.ts";

/** Keeps finished steps. The loop goes on only when `append` is done. */
export interface Journal<Label = unknown> {
  append(step: Step<Label>): Promise<void>;
}

/**
 * What the loop is doing: while it fits, `done` of `total` training steps are over; while it picks, or draws the first items by a
 * strategy, items are inferred. Null where nothing is counted yet.
 */
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
  /**
   * Items of one group are asked for together: a batch ends with the group that fills it, and what it has too much is taken off
   * the next, so that the labels are never more than the budget and all but one of the largest group. Left out, each stands alone.
   */
  readonly groupOf?: GroupOf | undefined;
  /** How the initial set is chosen; at random when left out. */
  readonly firstBatch?: FirstBatch | undefined;
  /** The seed's root stream; the loop draws from its streams `initial`, `subset` and `ties`, each named by the cycle. */
  readonly random: Random;
  readonly journal: Journal<Label>;
  /** Steps finished before; empty for a new run. If the last is `fitted`, the learner must have been restored to it. */
  readonly history?: readonly Step<Label>[];
  /** Signals to note with every pick besides those the strategy needs; inferred for the picks only. */
  readonly noted?: readonly ScalarSignal[];
  /**
   * So many random candidates tell how unsure the model is of the pool, where the strategy does not go by the entropy of all
   * of them; 0, or left out, infers nothing for that.
   */
  readonly entropySample?: number;
  /** Seconds of a clock that never goes back, for `scoreSeconds`. */
  readonly nowSeconds: () => number;
  /** When aborted, the loop stops soon with an `InterruptedError`; a step that is not finished is not kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CycleProgress) => void;
}

/** Why a run of cycles ended. */
export type Ending =
  /** All cycles were trained. */
  | "budget spent"
  /** No item is left in the pool. */
  | "pool exhausted"
  /** Items were asked for and the oracle skipped all of them. */
  | "no answers";

export interface CyclesOutcome<Label = unknown> {
  readonly ending: Ending;
  readonly state: PoolState<Label>;
  /** Every step from the first on, those of `history` included. */
  readonly steps: readonly Step<Label>[];
}

/**
 * Runs cycles until the budget is spent or nothing is left to ask for. Per cycle the learner is fitted and then, unless
 * it was the last, picks are made from the pool (or a subset drawn from it) and their labels asked for. A batch the pool
 * cannot fill is made smaller. Errors of learner, strategy and oracle come with cycle and phase before their message.
 */
export async function runCycles<Label>(options: CyclesOptions<Label>): Promise<CyclesOutcome<Label>> {
  refuseBadLabelling(options.labelling);
  if (options.groupOf !== undefined) refuseLargeGroups(options.labelling, options.state.pool, options.groupOf);
  inferable(options.strategy); // said now, not after the first training
  const steps = [...(options.history ?? [])];
  const start = startingPosition(options.state, options.labelling.initial);
  let position = steps.reduce((before, step) => advance(before, step), start);
  for (;;) {
    const ending = endingAt(position, options.labelling);
    if (ending !== null) return { ending, state: position.state, steps };
    const step = await perform(position, options);
    const after = advance(position, step); // refuses bad answers before they are kept
    await options.journal.append(step);
    steps.push(step);
    position = after;
  }
}

function endingAt({ next, state, cycle, answers }: Position, { cycles }: LabellingRecipe): Ending | null {
  if (next === "fit") return answers === 0 ? "no answers" : null;
  if (next !== "pick") return null;
  if (cycle + 1 >= cycles) return "budget spent";
  return state.pool.size === 0 ? "pool exhausted" : null;
}

async function perform<Label>(position: Position<Label>, options: CyclesOptions<Label>): Promise<Step<Label>> {
  const { cycle, next } = position;
  stopIfAborted(options.signal, `before "${next}" of cycle ${cycle}`);
  options.onProgress?.({ cycle, phase: next, done: null, total: null });
  try {
    return await phases[next](position, options);
  } catch (error) {
    throw placed(error, `cycle ${cycle}, ${next}`);
  }
}

type Perform = <Label>(position: Position<Label>, options: CyclesOptions<Label>) => Promise<Step<Label>>;

const draw: Perform = async ({ state }, { labelling, random, firstBatch, groupOf, onProgress }) => {
  const wanted = labelling.initial - state.labelled.size;
  if (wanted > state.pool.size) {
    throw new ForelossError(
      `${wanted} items are to be labelled first, the pool holds ${state.pool.size}; lower labelling.initial or add items`,
    );
  }
  const candidates = ranked(state, random.stream("initial"));
  const atRandom = () =>
    groupOf === undefined ? candidates.slice(0, wanted) : firstWholeGroups(candidates, wanted, groupOf);
  if (firstBatch === undefined) return { kind: "drawn", cycle: 0, ids: atRandom() };
  const ids = await firstBatch(candidates, wanted, telling(onProgress, 0, "draw"));
  refuseWrongBatch(ids, candidates, wanted, groupOf);
  return { kind: "drawn", cycle: 0, ids };
};

const ask: Perform = async ({ cycle, asked }, { oracle, signal }) => {
  const answers = await oracle.ask(asked, { cycle, ...(signal && { signal }) });
  return { kind: "answered", cycle, answers };
};

const fit: Perform = async ({ state, cycle }, { learner, signal, onProgress }) => {
  const labelled = [...state.labelled.values()];
  if (labelled.length === 0) throw new ForelossError("nothing is labelled; label at least one item");
  const report = await learner.fit(labelled, {
    cycle,
    onProgress: telling(onProgress, cycle, "fit"),
    ...(signal && { signal }),
  });
  if (!Number.isFinite(report.metric)) {
    throw new ForelossError(
      `the learner measured a metric of ${report.metric}; look at its test items and its training`,
    );
  }
  return { kind: "fitted", cycle, labels: labelled.length, report };
};

const pick: Perform = async ({ state, cycle, budget }, options) => {
  const { learner, strategy, labelling, random, groupOf, onProgress, nowSeconds, signal } = options;
  const { noted = [], entropySample = 0 } = options;
  const { subset, perCycle } = labelling;
  const all = ranked(state, random.stream("subset", cycle));
  const candidates = withTheirGroups(all.slice(0, subset ?? undefined), all.slice(subset ?? all.length), groupOf);
  const labelled = [...state.labelled.values()];
  const tooMany = groupOf === undefined ? 0 : Math.max(0, labelled.length - budget);
  const count = Math.min(perCycle - tooMany, candidates.length);
  const begun = nowSeconds();
  const { picks, signals } = await choose({
    learner,
    strategy,
    candidates,
    labelled,
    count,
    groups: groupOf && candidates.map(groupOf),
    ties: () => random.stream("ties", cycle),
    noted,
    signal,
    onProgress: telling(onProgress, cycle, "pick"),
  });
  const poolEntropy = await entropyOfPool({ learner, candidates, signals, sample: entropySample, signal });
  const scoreSeconds = nowSeconds() - begun;
  return {
    kind: "picked",
    cycle,
    wanted: perCycle,
    picks,
    scoreSeconds,
    ...(poolEntropy && { poolEntropy }),
  };
};

function telling(onProgress: CyclesOptions["onProgress"], cycle: number, phase: Phase) {
  return (done: number, total: number) => onProgress?.({ cycle, phase, done, total });
}

const phases: Readonly<Record<Phase, Perform>> = { draw, answer: ask, fit, pick };

function refuseBadLabelling({ initial, perCycle, cycles, subset }: LabellingRecipe): void {
  for (const [name, value, least] of [
    ["initial", initial, 0],
    ["perCycle", perCycle, 1],
    ["cycles", cycles, 1],
    ["subset", subset ?? 1, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new ForelossError(`labelling.${name}: ${value}; give a whole number from ${least}`);
    }
  }
  if (subset !== null && subset < perCycle) {
    throw new ForelossError(
      `labelling.subset: ${subset} items cannot give ${perCycle} picks; make it at least labelling.perCycle, or null`,
    );
  }
}

/** The error with where it happened before its message. An interruption stays one; a bug keeps its stack as the cause. */
function placed(error: unknown, where: string): unknown {
  if (error instanceof InterruptedError) return error;
  const message = `${where}: ${error instanceof Error ? error.message : String(error)}`;
  if (!(error instanceof ForelossError)) return new Error(message, { cause: error });
  return new ForelossError(message, { cause: error, ...(error.hint !== undefined && { hint: error.hint }) });
}
