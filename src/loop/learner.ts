// What the loop drives. A learner fits a model to labelled items and infers signals; the loop sees nothing else of it,
// so a whole run can be tested in milliseconds with a fake.
import type { Drawing } from "../core/drawing.ts";
import type { ItemId, LabelledItem } from "../core/item.ts";
import type { Signal, Signals } from "../core/signals.ts";

/** What one training gave. Times are wall-clock seconds. */
export interface FitReport {
  /** The task's metric on the held-out test items, e.g. accuracy in [0, 1]. */
  readonly metric: number;
  /**
   * The same metric of the mean of what the members of an ensemble say. Everything else in the report is about the first
   * member. Absent for a single model, and for tasks whose members have no mean.
   */
  readonly ensembleMetric?: number;
  /** The same metric on the labelled items (without augmentation): a net that does not fit them chooses badly. */
  readonly trainMetric: number;
  /** Mean per-item loss on the held-out test items. */
  readonly testLoss: number;
  /** Share of test pairs whose predicted losses are in the order of their true losses; chance 0.5; null without a module. */
  readonly rankingAccuracy: number | null;
  /** Spearman rank correlation of predicted and true loss on the test items; null without a module. */
  readonly rankCorrelation: number | null;
  /** Up to 500 test items as [predicted loss, true loss], for the report's picture; empty without a module. */
  readonly lossSample: readonly (readonly [number, number])[];
  /**
   * Cohen's kappa of what this model and that of the cycle before decide about the held-out items, 1 where all decisions are
   * the same. Absent in the first cycle, where chance alone would give as much, and for tasks without decisions to compare.
   */
  readonly agreement?: number;
  /** Of one member. */
  readonly steps: number;
  /** Of all members together. */
  readonly trainSeconds: number;
}

export interface FitOptions {
  /** Which cycle this training belongs to, from 0. Random streams and messages are named after it. */
  readonly cycle: number;
  /** Called now and then; `done` of `total` training steps are over. */
  readonly onProgress?: (done: number, total: number) => void;
  /** When aborted, `fit` stops soon and rejects with an `InterruptedError`. */
  readonly signal?: AbortSignal;
}

export interface InferOptions {
  /** Called now and then; `done` of `total` items are over, each counted as often as it has to be looked at. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** When aborted, `infer` stops soon and rejects with an `InterruptedError`. */
  readonly signal?: AbortSignal | undefined;
}

export interface Learner<Label = unknown> {
  /** Trains on the labelled items (all of them, not only the new ones) and measures on the held-out test items. */
  fit(labelled: readonly LabelledItem<Label>[], options: FitOptions): Promise<FitReport>;
  /** Signals of items under the model fitted last; one entry per item, in order. Refuses one that it cannot give by name. */
  infer(items: readonly ItemId[], signals: readonly Signal[], options?: InferOptions): Promise<Signals>;
  /** What the model fitted last sees in items, to be drawn over them; none where the task draws nothing. */
  draw?(items: readonly ItemId[], options?: InferOptions): Promise<readonly Drawing[]>;
  /**
   * What the model that `fit` has just trained decides about the held-out items, one category per decision, always as many
   * and in the same order; null where its task decides nothing of the kind.
   */
  decided?(): Promise<readonly number[] | null>;
  /** Writes what `restore` needs to go on exactly as if nothing had happened. `path` is a folder that may not exist. */
  save(path: string): Promise<void>;
  restore(path: string): Promise<void>;
  close(): Promise<void>;
}
