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
  /** Labels asked for by then, where pictures labelled whole gave some more: arms are compared at this number. */
  readonly labelsAsked?: number;
  /** Metric on the held-out test items. */
  readonly metric: number;
  /** The same of what the members of an ensemble say on average; `metric` is that of the first. See `FitReport`. */
  readonly ensembleMetric?: number;
  readonly trainMetric: number;
  readonly testLoss: number;
  readonly rankingAccuracy: number | null;
  readonly rankCorrelation: number | null;
  readonly lossSample: readonly (readonly [number, number])[];
  /** Cohen's kappa of what this model and the one before it decide about the held-out items; see `FitReport`. */
  readonly agreement?: number;
  readonly steps: number;
  readonly trainSeconds: number;
  readonly scoreSeconds: number;
  /** How unsure the model is of the pool; absent in the last cycle, which chooses nothing. */
  readonly poolEntropy?: PoolEntropy;
  readonly picks: readonly Pick[];
}

/** Mean entropy over pool items that are all that were to choose from, or drawn at random of them. */
export interface PoolEntropy {
  /** In nats, as the task reduces it to one number per item. */
  readonly mean: number;
  readonly items: number;
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
  /** Models that were trained in each cycle; absent for one. */
  readonly members?: number;
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

/**
 * Labels that an arm's mean curve, made monotone, needs to reach random's metric at a share of the budget, beside what
 * random itself needs. Interval: percentile bootstrap over seeds, both arms drawn together.
 */
export interface LabelsShare {
  /** The share of the budget (the labels of the last cycle compared) at which random's metric is the target. */
  readonly ofBudget: number;
  /** Random's mean metric there. */
  readonly target: number;
  /** Null: not reached within the budget. A curve that starts above the target needs at most its first labels. */
  readonly labels: number | null;
  /** `labels` over random's labels for the same; null: not reached (censored: it is above the last cycle's share). */
  readonly share: number | null;
  /** 95 % bounds of the share; null with `neverReached` given means "not reached". */
  readonly low: number | null;
  readonly high: number | null;
  /** Share of the resamples in which the target was not reached; null with fewer than two seeds, which give no interval. */
  readonly neverReached: number | null;
}

/** What speaks for going on with labelling or for stopping: figures to be shown, on which nothing is decided. */
export interface StoppingSigns {
  /** Metric of the last cycle minus that of the cycle before; null with one cycle. */
  readonly lastGain: Estimate | null;
  /** Labels that the last cycle had more than the one before. */
  readonly lastBatch: number | null;
  /** The gain divided by those labels. */
  readonly gainPerLabel: number | null;
  /** Cohen's kappa of the last two models; null where it is not known. */
  readonly agreement: Estimate | null;
  /** Mean of the last three kappas; null where there are fewer. */
  readonly agreementOverThree: Estimate | null;
  /** Mean entropy of the pool when it was first and last chosen from; null where it is not known. */
  readonly poolEntropy: { readonly first: Estimate; readonly last: Estimate } | null;
}

/** Which arm is ahead of which, over all cycles and seeds that two arms share. */
export interface WinRates {
  /** Names of rows and columns. */
  readonly arms: readonly string[];
  /**
   * [arms, arms]: share of cycle x seed pairs in which the row's metric is above the column's, ties counting half; at most
   * 1. The first cycle is left out: nothing has been chosen in it. Null on the diagonal and without pairs.
   */
  readonly rates: readonly (readonly (number | null)[])[];
  /** [arms, arms]: how many pairs that is. */
  readonly pairs: readonly (readonly number[])[];
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
  /** At half, three quarters and all of the budget; what lies below the first cycle's labels is left out. */
  readonly labelsShares: readonly LabelsShare[];
  readonly stopping: StoppingSigns;
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
  readonly comparison: {
    readonly baseline: string | null;
    readonly arms: readonly ArmComparison[];
    readonly winRates: WinRates;
    /** Draws behind the intervals of `labelsShares`. */
    readonly resamples: number;
  };
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
