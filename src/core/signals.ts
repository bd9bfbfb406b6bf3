// Signals: one number or one vector per item that a model gives. They are task-free: the task reduces its outputs to
// them, so every strategy works for every task. Every scalar signal is oriented so that higher means "ask sooner".

/** Signals with one number per item. */
export const scalarSignals = ["predictedLoss", "entropy", "margin", "leastConfidence", "trueLoss"] as const;
export type ScalarSignal = (typeof scalarSignals)[number];

/** All signals: the scalar ones and `embedding`, one vector per item. */
export type Signal = ScalarSignal | "embedding";

/** `rows` vectors of `columns` float32 values, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array; // [rows, columns]
}

/**
 * Signals of a list of items; every array has one entry (or row) per item, in the list's order.
 * `margin` is 1 - (p1 - p2), with p1 and p2 the two highest class probabilities, so that higher means "ask sooner".
 * `entropy` is in nats. `leastConfidence` is 1 - p1. `trueLoss` needs labels and exists for control arms only.
 */
export type Signals = { readonly [S in ScalarSignal]?: Float32Array } & { readonly embedding?: Matrix };
