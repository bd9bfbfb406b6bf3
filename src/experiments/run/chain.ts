// One arm with one seed: the loop over a learner whose trainings are kept, each finished cycle written to the log. What
// the log holds already is told to the loop as its history.
import type { Drawing } from "../../core/drawing.ts";
import { isKnown } from "../../core/labels.ts";
import type { Random } from "../../core/random.ts";
import type { ScalarSignal } from "../../core/signals.ts";
import type { Split } from "../../datasets/dataset.ts";
import type { FirstBatch } from "../../loop/first-batch.ts";
import type { GroupOf } from "../../loop/item-groups.ts";
import type { FitReport, Learner } from "../../loop/learner.ts";
import { knownLabels, type Oracle } from "../../loop/oracle.ts";
import { createPoolState } from "../../loop/pool-state.ts";
import { type CycleProgress, runCycles } from "../../loop/run-cycles.ts";
import type { Step } from "../../loop/steps.ts";
import type { CycleLine } from "../../records/cycle-line.ts";
import type { LabellingRecipe } from "../../records/recipe.ts";
import type { CycleRecord, Pick as Picked } from "../../records/results.ts";
import type { Strategy } from "../../strategies/strategy.ts";

export interface ChainWork {
  readonly learner: Learner;
  readonly strategy: Strategy;
  readonly labelling: LabellingRecipe;
  readonly train: Split<unknown>;
  /** Items that are labelled together. */
  readonly groupOf: GroupOf | undefined;
  /** At random when undefined. */
  readonly firstBatch: FirstBatch | undefined;
  /** The seed's root stream, the same for all arms of a seed. */
  readonly random: Random;
  /** Noted with every pick beside what the strategy needs, for the report. */
  readonly noted: readonly ScalarSignal[];
  /** Cycles finished before. */
  readonly finished: readonly CycleLine[];
  /** Takes a finished cycle; the next begins when it is done. */
  readonly onCycle: (record: Omit<CycleLine, "arm" | "seed">) => Promise<void>;
  readonly onProgress: (progress: CycleProgress) => void;
  readonly nowSeconds: () => number;
  readonly signal: AbortSignal;
}

/** So many random pool items tell how unsure a model is of the pool: the error of the mean is a 22nd of their spread. */
const entropySample = 500;

/** Carries out the cycles that are not finished yet. */
export async function carryOutChain(work: ChainWork): Promise<void> {
  const { train, labelling } = work;
  const oracle = knownLabels(labelsOf(train));
  const cycles = cycleWriter(work);
  await runCycles({
    learner: work.learner,
    strategy: work.strategy,
    oracle,
    state: createPoolState({ pool: train.ids }),
    labelling,
    groupOf: work.groupOf,
    firstBatch: work.firstBatch,
    random: work.random,
    journal: { append: cycles.take },
    history: await historyOf(work.finished, oracle, labelling.perCycle),
    noted: work.noted,
    entropySample,
    nowSeconds: work.nowSeconds,
    signal: work.signal,
    onProgress: work.onProgress,
  });
  await cycles.end();
}

/** Whether nothing is left to do after these cycles: all are there, or the pool was exhausted. */
export function isFinished(finished: readonly CycleLine[], labelling: LabellingRecipe): boolean {
  const last = finished.at(-1);
  return last !== undefined && (finished.length >= labelling.cycles || last.picks.length === 0);
}

function labelsOf(split: Split<unknown>): Map<string, unknown> {
  const known = split.ids.map((id, position) => [id, split.labels[position]] as const);
  return new Map(known.filter(([, label]) => isKnown(label)));
}

/** The steps behind finished cycles, as the loop gave them when they were done. */
async function historyOf(
  finished: readonly CycleLine[],
  oracle: Oracle<unknown>,
  perCycle: number,
): Promise<Step<unknown>[]> {
  const steps: Step<unknown>[] = [];
  for (const { cycle, labels, labelsAsked: _, initial, picks, scoreSeconds, poolEntropy, ...report } of finished) {
    if (initial !== undefined) {
      steps.push({ kind: "drawn", cycle: 0, ids: initial });
      steps.push({ kind: "answered", cycle: 0, answers: await oracle.ask(initial, { cycle: 0 }) });
    }
    steps.push({ kind: "fitted", cycle, labels, report: reportOf(report) });
    const chosen = { picks, scoreSeconds, ...(poolEntropy && { poolEntropy }) };
    steps.push({ kind: "picked", cycle, wanted: perCycle, ...chosen });
    const answers = await oracle.ask(
      picks.map(({ item }) => item),
      { cycle: cycle + 1 },
    );
    steps.push({ kind: "answered", cycle: cycle + 1, answers });
  }
  return steps;
}

function reportOf({ arm: _arm, seed: _seed, ...report }: FitReport & { arm: string; seed: number }): FitReport {
  return report;
}

/** So many picks of a cycle are shown with what the model saw in them. */
const drawnPicks = 24;

type Choosing = Pick<CycleRecord, "picks" | "scoreSeconds" | "poolEntropy">;

/** Gathers the steps of a cycle; the last cycle has no picks and ends with the run. */
function cycleWriter({ learner, train, labelling, groupOf, onCycle, signal }: ChainWork): {
  take(step: Step<unknown>): Promise<void>;
  end(): Promise<void>;
} {
  const modes = new Map(train.modes?.map((mode, position) => [train.ids[position]!, mode]));
  let initial: readonly string[] | undefined;
  let fitted: Extract<Step, { kind: "fitted" }> | undefined;
  const write = async ({ picks, scoreSeconds, poolEntropy }: Choosing) => {
    if (fitted === undefined) return;
    const { cycle, labels, report } = fitted;
    const drawings = await learner.draw?.(
      picks.slice(0, drawnPicks).map(({ item }) => item),
      { signal },
    );
    const drawn = initial === undefined ? {} : { initial: [...initial] };
    [initial, fitted] = [undefined, undefined];
    const lossSample = report.lossSample.map(([predicted, truth]): [number, number] => [predicted, truth]);
    await onCycle({
      cycle,
      labels,
      ...(groupOf && { labelsAsked: Math.min(labels, labelling.initial + cycle * labelling.perCycle) }),
      ...drawn,
      ...report,
      lossSample,
      scoreSeconds,
      ...(poolEntropy && { poolEntropy }),
      picks: picks.map((pick, i) => ({ ...withMode(pick, modes.get(pick.item)), ...seenIn(drawings?.[i]) })),
    });
  };
  return {
    async take(step) {
      if (step.kind === "drawn") initial = step.ids;
      if (step.kind === "fitted") fitted = step;
      if (step.kind === "picked") await write(step);
    },
    end: () => write({ picks: [], scoreSeconds: 0 }),
  };
}

function seenIn(seen: Drawing | undefined): Partial<Picked> {
  return seen === undefined ? {} : { seen };
}

function withMode(pick: Picked, mode: string | undefined): Picked {
  return mode === undefined ? pick : { ...pick, mode };
}
