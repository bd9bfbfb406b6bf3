// The cycles of a run as they stand in its results, from its steps.
import type { CycleRecord } from "../records/results.ts";
import type { Step } from "./steps.ts";

/** One record per training; a training whose picks are not made yet (or never are, the last) has none. */
export function cycleRecords(steps: readonly Step[]): CycleRecord[] {
  const picked = new Map(steps.filter((step) => step.kind === "picked").map((step) => [step.cycle, step]));
  return steps
    .filter((step) => step.kind === "fitted")
    .map(({ cycle, labels, report }) => {
      const { picks, scoreSeconds, poolEntropy } = picked.get(cycle) ?? { picks: [], scoreSeconds: 0 };
      return { cycle, labels, ...report, scoreSeconds, ...(poolEntropy && { poolEntropy }), picks };
    });
}
