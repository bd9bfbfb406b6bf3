// Holds signals that come from outside against what they say they are: one row per item, finite, probabilities that are
// some. Nothing is repaired; the error names the item, its row and the value.
import { ForelossError } from "../../core/errors.ts";
import { firstNotFinite } from "../../core/finite.ts";
import type { ItemId } from "../../core/item.ts";
import { firstNotProbabilities, sumTolerance } from "../../core/probabilities.ts";
import type { FactorPair, Matrix, MemberMatrix, PoolSignal, Signals } from "../../core/signals.ts";

type Check<T> = (what: string, value: T, ids: readonly ItemId[]) => T;

const checks: { readonly [S in PoolSignal]: Check<NonNullable<Signals[S]>> } = {
  predictedLoss: finiteNumbers,
  entropy: finiteNumbers,
  margin: finiteNumbers,
  leastConfidence: finiteNumbers,
  trueLoss: finiteNumbers,
  embedding: finiteMatrix,
  probabilities: probabilityMatrix,
  memberProbabilities: memberMatrix,
  gradientFactors: factorPair,
  predictedClass: wholeNumbers,
  group: wholeNumbers,
  cost: positiveNumbers,
};

/** The signal as it is given, checked; undefined when it is not. Throws a `ForelossError` for what is wrong with it. */
export function given<S extends PoolSignal>(
  signals: Signals,
  signal: S,
  ids: readonly ItemId[],
): NonNullable<Signals[S]> | undefined {
  const value = signals[signal];
  return value === undefined ? undefined : checks[signal](signal, value, ids);
}

function finiteNumbers(what: string, values: Float32Array, ids: readonly ItemId[]): Float32Array {
  refuseWrongLength(what, values.length, ids.length);
  const at = firstNotFinite(values);
  if (at >= 0) throw notFinite(what, ids, at, values[at]!);
  return values;
}

function positiveNumbers(what: string, values: Float32Array, ids: readonly ItemId[]): Float32Array {
  finiteNumbers(what, values, ids);
  const at = values.findIndex((value) => value <= 0);
  if (at >= 0) throw wrong(what, ids, at, `is ${values[at]}`, "give a number above 0");
  return values;
}

function wholeNumbers(what: string, values: Uint32Array, ids: readonly ItemId[]): Uint32Array {
  refuseWrongLength(what, values.length, ids.length);
  return values;
}

function finiteMatrix(what: string, matrix: Matrix, ids: readonly ItemId[], member?: number): Matrix {
  const { rows, columns, values } = matrix;
  refuseWrongLength(what, rows, ids.length);
  refuseWrongLength(`${what} values`, values.length, rows * columns);
  const at = firstNotFinite(values);
  if (at >= 0) throw notFinite(what, ids, Math.floor(at / columns), values[at]!, member);
  return matrix;
}

function probabilityMatrix(what: string, matrix: Matrix, ids: readonly ItemId[], member?: number): Matrix {
  const { rows, columns, values } = matrix;
  if (rows === ids.length && values.length === rows * columns && firstNotProbabilities(values, columns) < 0)
    return matrix;
  finiteMatrix(what, matrix, ids, member);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      if (values[i]! < 0) throw wrong(what, ids, row, `hold ${values[i]}`, "give probabilities, not logits", member);
      sum += values[i]!;
    }
    if (Math.abs(sum - 1) <= sumTolerance) continue;
    const added = `add up to ${Number(sum.toFixed(6))}`;
    throw wrong(what, ids, row, added, "they must add up to 1; give probabilities, not logits", member);
  }
  return matrix;
}

function memberMatrix(what: string, matrix: MemberMatrix, ids: readonly ItemId[]): MemberMatrix {
  if (!(matrix.members >= 1))
    throw new ForelossError(`select: ${what} has ${matrix.members} members; needs at least 1`);
  const size = matrix.rows * matrix.columns;
  refuseWrongLength(`${what} values`, matrix.values.length, matrix.members * size);
  for (let member = 0; member < matrix.members; member++)
    probabilityMatrix(what, memberOf(matrix, member), ids, member);
  return matrix;
}

function factorPair(what: string, pair: FactorPair, ids: readonly ItemId[]): FactorPair {
  finiteMatrix(what, pair.left, ids);
  finiteMatrix(what, pair.right, ids);
  return pair;
}

/** The probabilities of one member, not copied. */
export function memberOf({ rows, columns, values }: MemberMatrix, member: number): Matrix {
  const size = rows * columns;
  return { rows, columns, values: values.subarray(member * size, (member + 1) * size) };
}

function refuseWrongLength(what: string, length: number, expected: number): void {
  if (length !== expected) throw new ForelossError(`select: ${what} has ${length} entries; ${expected} are needed`);
}

function notFinite(what: string, ids: readonly ItemId[], row: number, value: number, member?: number): ForelossError {
  const advice = "every number must be finite, so look at the model's training";
  return wrong(what, ids, row, `is ${value}`, advice, member);
}

function wrong(
  what: string,
  ids: readonly ItemId[],
  row: number,
  value: string,
  advice: string,
  member?: number,
): ForelossError {
  const place = member === undefined ? `row ${row}` : `row ${row} of member ${member}`;
  return new ForelossError(`select: ${what} of item "${ids[row]}" ${value} (${place}, from 0); ${advice}`);
}
