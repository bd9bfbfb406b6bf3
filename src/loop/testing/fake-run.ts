// For tests: whole runs on a learner that is arithmetic. Its signals are fixed by item, cycle and the labels it was
// fitted on, so that a pick depends on everything a real one depends on.
import type { ItemId } from "../../core/item.ts";
import { createRandom } from "../../core/random.ts";
import type { Signal } from "../../core/signals.ts";
import { strategyNamed } from "../../strategies/index.ts";
import {
  type Answer,
  type CyclesOptions,
  createPoolState,
  cycleRecords,
  type FitReport,
  knownLabels,
  type Learner,
  type Oracle,
  type Step,
} from "../index.ts";

export const ids = Array.from({ length: 60 }, (_, i) => `img/${i}`);
export const labels = new Map(ids.map((id, i) => [id, i % 3]));

export interface FakeLearner extends Learner<number> {
  /** What was asked of it: `fit 10`, `infer 50 entropy`. */
  readonly calls: string[];
  /** The labels of every training, by id. */
  readonly trainings: ReadonlyMap<ItemId, number>[];
}

/** `checkpoints` stands for the disk: learners that share it can take over from each other. */
export function fakeLearner(
  changes: Partial<Learner<number>> = {},
  checkpoints = new Map<string, string>(),
): FakeLearner {
  const calls: string[] = [];
  const trainings: ReadonlyMap<ItemId, number>[] = [];
  let model = "unfitted"; // what a checkpoint would hold
  const report: FitReport = {
    metric: 0.5,
    trainMetric: 1,
    testLoss: 1,
    rankingAccuracy: null,
    rankCorrelation: null,
    lossSample: [],
    steps: 1,
    trainSeconds: 0,
  };
  return {
    calls,
    trainings,
    async fit(labelled, { cycle, onProgress }) {
      calls.push(`fit ${labelled.length}`);
      trainings.push(new Map(labelled.map(({ id, label }) => [id, label])));
      onProgress?.(1, 2);
      model = `${cycle}:${labelled.map(({ id, label }) => `${id}=${label}`).join()}`;
      return { ...report, metric: labelled.length / 100 };
    },
    async infer(items, wanted) {
      calls.push(`infer ${items.length} ${wanted.join()}`);
      const value = (id: ItemId, signal: Signal) => createRandom(0, model, signal, id).next();
      const vectors = Float32Array.from(items.flatMap((id) => [value(id, "embedding"), value(`${id}'`, "embedding")]));
      return Object.fromEntries(
        wanted.map((signal) =>
          signal === "embedding"
            ? [signal, { rows: items.length, columns: 2, values: vectors }]
            : [signal, Float32Array.from(items, (id) => value(id, signal))],
        ),
      );
    },
    save: async (path) => void checkpoints.set(path, model),
    restore: async (path) => {
      model = checkpoints.get(path)!;
    },
    close: async () => {},
    ...changes,
  };
}

export function optionsOf(
  changes: Partial<CyclesOptions<number>> = {},
): CyclesOptions<number> & { journalled: Step<number>[] } {
  const journalled: Step<number>[] = [];
  return {
    learner: fakeLearner(),
    strategy: strategyNamed("entropy"),
    oracle: knownLabels(labels),
    state: createPoolState<number>({ pool: ids }),
    labelling: { initial: 10, perCycle: 5, cycles: 4, subset: null },
    random: createRandom(7),
    journal: { append: async (step) => void journalled.push(structuredClone(step)) },
    nowSeconds: () => 0,
    journalled,
    ...changes,
  };
}

/** Picks of every cycle, by id. */
export const picksOf = (steps: readonly Step[]) =>
  cycleRecords(steps).map(({ picks }) => picks.map(({ item }) => item));
export const drawnOf = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === "drawn" ? step.ids : []));

/** An oracle that knows all labels but answers as `change` says. */
export function answering(
  change: (answer: Answer<number>, cycle: number) => readonly Answer<number>[],
): Oracle<number> {
  const known = knownLabels(labels);
  return {
    ask: async (asked, question) =>
      (await known.ask(asked, question)).flatMap((answer) => change(answer, question.cycle)),
  };
}
