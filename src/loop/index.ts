// The cycle of active learning: pool, questions and answers, steps that can be kept and resumed.

export { cycleRecords } from "./cycle-records.ts";
export { type FirstBatch, firstBatchBy } from "./first-batch.ts";
export { type GroupOf, refuseLargeGroups } from "./item-groups.ts";
export type { FitOptions, FitReport, InferOptions, Learner } from "./learner.ts";
export { type Answer, knownLabels, type Oracle, type Question } from "./oracle.ts";
export { createPoolState, ignore, label, type NewLabel, type PoolState, relabel, restore } from "./pool-state.ts";
export {
  type CycleProgress,
  type CyclesOptions,
  type CyclesOutcome,
  type Ending,
  type Journal,
  runCycles,
} from "./run-cycles.ts";
export { advance, type Phase, type Position, type Step, startingPosition } from "./steps.ts";
