// What a run leaves for programs: `results.json`. The same figures as the report.
// `cycles.jsonl` holds one `CycleRecord` per line with the arm and seed it belongs to.
import type { Drawing } from "../core/drawing.ts";

/** One pick with the score the strategy gave it, where it gives one. */
export interface Pick {
  readonly item: string;
  /** Signals of the item when it was picked (those the strategy needs, one number each), e.g. { predictedLoss: 1.2 }. */
  readonly signals: Readonly<Record<string, number>>;
  /** Mode of the item (made-up data only). */
  readonly mode?: string;
  /** What the model saw in it when it was picked; for the first picks of a cycle, where it can be drawn. */
  readonly seen?: Drawing;
}

/** One cycle of one arm and seed: training on `labels` items, then `picks` for the next cycle (empty in the last). */
export interface CycleRecord {
  readonly cycle: number;
  readonly labels: number;
  /** Metric on the held-out test items. */
  readonly metric: number;
  readonly trainMetric: number;
  readonly testLoss: number;
  readonly rankingAccuracy: number | null;
  readonly rankCorrelation: number | null;
  readonly lossSample: readonly (readonly [number, number])[];
  readonly steps: number;
  readonly trainSeconds: number;
  readonly scoreSeconds: number;
  readonly picks: readonly Pick[];
}

export interface SeedResult {
  readonly seed: number;
  readonly cycles: readonly CycleRecord[];
}

export interface ArmResult {
  readonly name: string;
  readonly strategy: string;
  /** Whether the loss prediction module was trained along, and how: `none`, `ranking`, `mse`, `kl`. */
  readonly lossPrediction: string;
  readonly start: "cold" | "warm";
  readonly seeds: readonly SeedResult[];
}

/** An estimate with its 95 % interval over seeds (Student's t); the bounds are null with fewer than two seeds. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Number of seeds behind it. */
  readonly count: number;
}

/** How one arm did beside the random arm. */
export interface ArmComparison {
  readonly arm: string;
  /** Metric per cycle. */
  readonly curve: readonly { readonly labels: number; readonly metric: Estimate }[];
  /** Area under the metric curve over labels, divided by the label range (so that it is a mean metric). */
  readonly area: Estimate;
  /** Final metric minus the random arm's, paired by seed, with the p-value of a paired t-test (null with fewer than two seeds). */
  readonly finalDifference: (Estimate & { readonly pValue: number | null }) | null;
  readonly areaDifference: (Estimate & { readonly pValue: number | null }) | null;
  /** Labels at which this arm's mean curve (made monotone) first reaches the random arm's final metric; null when never. */
  readonly labelsForRandomFinal: number | null;
  /** 1 - labelsForRandomFinal / random's labels for it; null when never reached. */
  readonly labelsSaved: number | null;
  /** Mean over the cycles; null without a module. */
  readonly rankingAccuracy: Estimate | null;
  /** Of the last cycle. */
  readonly trainMetric: Estimate;
  /** Training and scoring, mean over the cycles. */
  readonly secondsPerCycle: Estimate;
}

export interface Results {
  readonly version: 1;
  readonly name: string;
  readonly task: string;
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly classes: readonly string[];
    readonly train: number;
    readonly test: number;
  };
  readonly engine: { readonly name: string; readonly version: string; readonly threads: number };
  /** Name of the metric, e.g. `accuracy`. */
  readonly metric: string;
  readonly arms: readonly ArmResult[];
  readonly comparison: { readonly baseline: string | null; readonly arms: readonly ArmComparison[] };
  /** Where and how it was made. */
  readonly provenance: {
    readonly foreloss: string;
    readonly command: string;
    readonly machine: string;
    readonly started: string;
    readonly finished: string | null;
    readonly recipe: unknown;
  };
}
