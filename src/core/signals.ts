// Signals: one number or one vector per item that a model gives. They are task-free: the task reduces its outputs to
// them, so every strategy works for every task. Every scalar signal is oriented so that higher means "ask sooner".

/** Signals with one number per item. */
export const scalarSignals = ["predictedLoss", "entropy", "margin", "leastConfidence", "trueLoss"] as const;
export type ScalarSignal = (typeof scalarSignals)[number];

/** Signals with several numbers per item. */
const vectorSignals = ["embedding", "probabilities", "memberProbabilities", "gradientFactors"] as const;
export type VectorSignal = (typeof vectorSignals)[number];

/** What a learner can be asked to infer. */
export type Signal = ScalarSignal | VectorSignal;
export const learnerSignals: readonly Signal[] = [...scalarSignals, ...vectorSignals];

/** All that a pool may carry for a strategy: signals of a learner, of another model, and facts about the items. */
export type PoolSignal = Signal | "predictedClass" | "group" | "cost";

/** `rows` vectors of `columns` float32 values, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array; // [rows, columns]
}

/** One matrix per member of an ensemble, or per pass with dropout: [members, rows, columns]. */
export interface MemberMatrix extends Matrix {
  readonly members: number;
}

/** Two vectors per item; what is meant is their outer product, left x right. */
export interface FactorPair {
  readonly left: Matrix;
  readonly right: Matrix;
}

/**
 * Signals of a list of items; every array has one entry (or row) per item, in the list's order.
 * `margin` is 1 - (p1 - p2), with p1 and p2 the two highest class probabilities, so that higher means "ask sooner".
 * `entropy` is in nats. `leastConfidence` is 1 - p1. `trueLoss` needs labels and exists for control arms only.
 */
export type Signals = { readonly [S in ScalarSignal]?: Float32Array } & {
  readonly embedding?: Matrix;
  /** [items, classes]; every row is at least 0 and adds up to 1. */
  readonly probabilities?: Matrix;
  /** [members, items, classes]: probabilities of each member of an ensemble, or of each pass with dropout. */
  readonly memberProbabilities?: MemberMatrix;
  /** The gradient of the loss for the likeliest class with respect to the last layer, as its two factors. */
  readonly gradientFactors?: FactorPair;
  /** Index of the likeliest class. */
  readonly predictedClass?: Uint32Array;
  /** Items of one group are near-duplicates of each other. */
  readonly group?: Uint32Array;
  /** What labelling takes, in seconds, above 0. */
  readonly cost?: Float32Array;
};
