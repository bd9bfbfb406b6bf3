// What a result is reported with: means with intervals over seeds, paired tests, areas under curves, and how well one
// list of numbers ranks another. Plain functions over lists of numbers.
import { studentTQuantile, studentTTwoSided } from "./student-t.ts";

/** Arithmetic mean. Throws a RangeError for an empty list, here and below: there is no honest number to give. */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("mean: no values");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation of a sample (divided by n - 1); needs two values or more. */
export function sampleDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) throw new RangeError(`sampleDeviation: ${values.length} values, needs 2`);
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** A mean with the interval that covers the true one with the stated confidence; no bounds with one value. */
export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly count: number;
}

/** Student's t interval of the mean (Student 1908), assuming roughly normal values. */
export function studentInterval(values: ArrayLike<number>, confidence = 0.95): Interval {
  const centre = mean(values);
  const count = values.length;
  if (count < 2) return { mean: centre, low: null, high: null, count };
  const half = (studentTQuantile((1 + confidence) / 2, count - 1) * sampleDeviation(values)) / Math.sqrt(count);
  return { mean: centre, low: centre - half, high: centre + half, count };
}

/**
 * Two-sided p-value of a paired t-test of `left` against `right`. Null where the test says nothing: fewer than two pairs,
 * or all differences the same to rounding, which with few seeds is chance and not certainty.
 */
export function pairedTTest(left: ArrayLike<number>, right: ArrayLike<number>): number | null {
  checkLengths("pairedTTest", left, right);
  if (left.length < 2) return null;
  const differences = Float64Array.from(left, (value, i) => value - right[i]!);
  const deviation = sampleDeviation(differences);
  const largest = Math.max(...Array.from(left, Math.abs), ...Array.from(right, Math.abs));
  if (deviation <= 8 * Number.EPSILON * largest) return null;
  const t = mean(differences) / (deviation / Math.sqrt(differences.length));
  return studentTTwoSided(t, differences.length - 1);
}

/** Area under the line through the points (x, y), x rising; 0 for a single point. */
export function trapezoidArea(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkLengths("trapezoidArea", x, y);
  let area = 0;
  for (let i = 1; i < x.length; i++) {
    const width = x[i]! - x[i - 1]!;
    if (!(width > 0)) throw new RangeError(`trapezoidArea: x does not rise at ${i}: ${x[i - 1]}, ${x[i]}`);
    area += (width * (y[i]! + y[i - 1]!)) / 2;
  }
  return area;
}

/**
 * Spearman's rank correlation in [-1, 1], ties sharing their average rank (Spearman 1904).
 * Null where it is not defined: fewer than two values, or all values of one side equal.
 */
export function rankCorrelation(left: ArrayLike<number>, right: ArrayLike<number>): number | null {
  checkLengths("rankCorrelation", left, right);
  return correlation(averageRanks(left), averageRanks(right));
}

/**
 * Share of pairs of items that `predicted` puts in the order of `actual`, in [0, 1]; chance is 0.5. Pairs tied in `actual`
 * have no order and are dropped; pairs tied in `predicted` only count half. Null when no pair is left. O(n log n).
 */
export function rankingAccuracy(predicted: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  checkLengths("rankingAccuracy", predicted, actual);
  const predictedRank = denseRanks(predicted);
  const seen = new Counter(predicted.length);
  let pairs = 0;
  let right = 0;
  for (const group of tiedGroups(actual)) {
    pairs += group.length * seen.total;
    for (const i of group) right += (seen.below(predictedRank[i]!) + seen.below(predictedRank[i]! + 1)) / 2;
    for (const i of group) seen.add(predictedRank[i]!);
  }
  return pairs === 0 ? null : right / pairs;
}

/** Positions of `values` in rising order, equal values together in one group. */
function tiedGroups(values: ArrayLike<number>): Uint32Array[] {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  for (const i of order) if (Number.isNaN(values[i])) throw new RangeError(`value ${i} is not a number`);
  order.sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0));
  const groups: Uint32Array[] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    groups.push(order.subarray(start, end));
  }
  return groups;
}

/** Rank from 0 of every value; equal values share one, and none is left out. */
function denseRanks(values: ArrayLike<number>): Uint32Array {
  const ranks = new Uint32Array(values.length);
  tiedGroups(values).forEach((group, rank) => {
    for (const i of group) ranks[i] = rank;
  });
  return ranks;
}

/** Rank from 1 of every value, the lowest first; equal values share the average of the ranks they take up. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(values.length);
  let before = 0;
  for (const group of tiedGroups(values)) {
    for (const i of group) ranks[i] = before + (group.length + 1) / 2;
    before += group.length;
  }
  return ranks;
}

/** Pearson's correlation; null when a side does not vary. */
function correlation(x: Float64Array, y: Float64Array): number | null {
  if (x.length < 2) return null;
  const centreX = mean(x);
  const centreY = mean(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - centreX;
    const dy = y[i]! - centreY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx === 0 || yy === 0 ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** How many of the numbers added so far lie below a limit, in O(log n) (binary indexed tree, P. Fenwick 1994). */
class Counter {
  total = 0;
  private readonly tree: Uint32Array;

  /** Takes whole numbers 0 <= number < limit. */
  constructor(limit: number) {
    this.tree = new Uint32Array(limit + 1);
  }

  add(number: number): void {
    this.total++;
    for (let i = number + 1; i < this.tree.length; i += i & -i) this.tree[i]!++;
  }

  below(limit: number): number {
    let count = 0;
    for (let i = limit; i > 0; i -= i & -i) count += this.tree[i]!;
    return count;
  }
}

function checkLengths(where: string, left: ArrayLike<number>, right: ArrayLike<number>): void {
  if (left.length !== right.length) throw new RangeError(`${where}: ${left.length} values against ${right.length}`);
}
