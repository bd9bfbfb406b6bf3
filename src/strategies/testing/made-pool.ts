// Pools for tests: every signal there is, made from seeded numbers, and the same pool listed in another order.
import { createRandom, type Random } from "../../core/random.ts";
import type { Matrix, MemberMatrix, Signals } from "../../core/signals.ts";
import { rowsOf } from "../signals/part.ts";
import type { Pool } from "../strategy.ts";

const classes = 4;
const members = 3;

/** A pool of `size` items with all signals, all values different; ids are no positions. */
export function makePool(size: number, labelled = 6, dimensions = 5): Pool {
  const random = createRandom(1, "pool");
  const name = (i: number) => `item-${i * 7 + 3}`;
  const { embedding, probabilities } = makeSignals(labelled, () => random.normal(), dimensions);
  const group = Uint32Array.from({ length: labelled }, (_, row) => size + row);
  return {
    ids: Array.from({ length: size }, (_, i) => name(i)),
    signals: makeSignals(size, () => random.normal(), dimensions),
    labelled: {
      ids: Array.from({ length: labelled }, (_, i) => name(size + i)),
      signals: { embedding: embedding!, probabilities: probabilities!, group },
    },
  };
}

/** All signals of so many rows. Scores and costs are the size of what `value` gives, so that none is negative. */
export function makeSignals(rows: number, value: () => number, dimensions = 5): Signals {
  const numbers = () => Float32Array.from({ length: rows }, () => Math.abs(value()));
  const matrix = (columns: number) => ({ rows, columns, values: Float32Array.from({ length: rows * columns }, value) });
  const logits = {
    ...matrix(classes),
    members,
    values: Float32Array.from({ length: members * rows * classes }, value),
  };
  return {
    predictedLoss: numbers(),
    entropy: numbers(),
    margin: numbers(),
    leastConfidence: numbers(),
    trueLoss: numbers(),
    embedding: matrix(dimensions),
    probabilities: softmax(matrix(classes)),
    memberProbabilities: softmax(logits),
    gradientFactors: { left: matrix(classes), right: matrix(dimensions) },
    predictedClass: Uint32Array.from({ length: rows }, (_, row) => row % classes),
    group: Uint32Array.from({ length: rows }, (_, row) => row),
    cost: numbers(),
  };
}

/** A matrix of the rows given. */
export function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float32Array.from(rows.flat()) };
}

/** One matrix per member. */
export function membersOf(each: readonly (readonly (readonly number[])[])[]): MemberMatrix {
  return { ...matrixOf(each[0]!), members: each.length, values: Float32Array.from(each.flat(2)) };
}

/** `count` points of standard normal float32 numbers. */
export function drawPoints(count: number, columns: number, random: Random): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: columns }, () => Math.fround(random.normal())));
}

/** Rows of probabilities: a softmax of normal numbers, three times as large. */
export function drawProbabilities(count: number, columns: number, random: Random): number[][] {
  return drawPoints(count, columns, random).map((row) => {
    const powers = row.map((logit) => Math.exp(3 * logit));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => Math.fround(power / sum));
  });
}

/** The same items, with all signals that are there, in another order. */
export function permuted(pool: Pool, order: Uint32Array): Pool {
  const entries = Object.entries(pool.signals).map(([signal, value]) => {
    if (value instanceof Float32Array) return [signal, Float32Array.from(order, (p) => value[p]!)];
    if (value instanceof Uint32Array) return [signal, order.map((p) => value[p]!)];
    if ("left" in value) return [signal, { left: rowsOf(value.left, order), right: rowsOf(value.right, order) }];
    if (!("members" in value)) return [signal, rowsOf(value, order)];
    const size = value.rows * value.columns;
    const parts = Array.from({ length: value.members }, (_, m) => [
      ...rowsOf({ ...value, values: value.values.subarray(m * size, (m + 1) * size) }, order).values,
    ]);
    return [signal, { ...value, values: Float32Array.from(parts.flat()) }];
  });
  return { ...pool, ids: Array.from(order, (p) => pool.ids[p]!), signals: Object.fromEntries(entries) as Signals };
}

function softmax<M extends Matrix>(logits: M): M {
  const { columns } = logits;
  const values = logits.values.map(Math.exp);
  for (let start = 0; start < values.length; start += columns) {
    const sum = values.subarray(start, start + columns).reduce((a, b) => a + b, 0);
    for (let i = start; i < start + columns; i++) values[i]! /= sum;
  }
  return { ...logits, values };
}
