// Parts of a pool, for strategies that let another one choose among some of the items, and pools in which some items
// count as labelled already.
import type { FactorPair, Matrix, MemberMatrix, PoolSignal, Signals } from "../../core/signals.ts";
import { type Labelled, labelledSignals, type Pool } from "../strategy.ts";
import { given, memberOf } from "./check.ts";
import { missing, signalsFor } from "./read.ts";

type Value = Float32Array | Uint32Array | Matrix | MemberMatrix | FactorPair;

/** The pool's items at `positions`, with the signals that meet `needs`, checked for all of the pool. */
export function partOf(pool: Pool, positions: Uint32Array, needs: readonly PoolSignal[]): Pool {
  return partsOf(pool, [positions], needs)[0]!;
}

/** The same for several parts; the pool is checked once. */
export function partsOf(pool: Pool, parts: readonly Uint32Array[], needs: readonly PoolSignal[]): Pool[] {
  const whole = needs.flatMap((need) => {
    const wanted = signalsFor([need], (signal) => pool.signals[signal] !== undefined);
    if (wanted === null) throw missing(need);
    return wanted.map((signal) => ({ signal, value: given(pool.signals, signal, pool.ids)! }));
  });
  return parts.map((positions) => ({
    ids: Array.from(positions, (position) => pool.ids[position]!),
    signals: Object.fromEntries(whole.map(({ signal, value }) => [signal, partOfSignal(value, positions)])) as Signals,
    labelled: pool.labelled,
  }));
}

/** The items at `rest`, with those at `taken` counted as labelled, so that a strategy keeps away from them. */
export function afterTaking(pool: Pool, taken: Uint32Array, rest: Uint32Array, needs: readonly PoolSignal[]): Pool {
  return { ...partOf(pool, rest, needs), labelled: joined(pool.labelled, partOf(pool, taken, needs)) };
}

/** All positions of the pool but those taken. */
export function positionsWithout(pool: Pool, taken: Iterable<number>): Uint32Array {
  const gone = new Set(taken);
  return Uint32Array.from(pool.ids.keys()).filter((position) => !gone.has(position));
}

/** Without classes, since those of what was taken are not known. */
function joined({ ids, signals }: Labelled, { ids: moreIds, signals: more }: Pool): Labelled {
  const both = labelledSignals.flatMap((signal) => {
    if (more[signal] === undefined) return [];
    if (ids.length === 0) return [[signal, more[signal]]];
    return signals[signal] === undefined ? [] : [[signal, joinedValues(signals[signal], more[signal])]];
  });
  return { ids: [...ids, ...moreIds], signals: Object.fromEntries(both) as Signals };
}

function joinedValues(first: Uint32Array | Matrix, second: Uint32Array | Matrix): Uint32Array | Matrix {
  if ("columns" in first && "columns" in second) return stacked(first, second);
  return Uint32Array.from([...(first as Uint32Array), ...(second as Uint32Array)]);
}

/** The rows of `first`, then those of `second`. */
export function stacked(first: Matrix, second: Matrix): Matrix {
  const values = new Float32Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { rows: first.rows + second.rows, columns: first.columns, values };
}

function partOfSignal(value: Value, positions: Uint32Array): Value {
  if (value instanceof Float32Array) return Float32Array.from(positions, (position) => value[position]!);
  if (value instanceof Uint32Array) return positions.map((position) => value[position]!);
  if ("left" in value) return { left: rowsOf(value.left, positions), right: rowsOf(value.right, positions) };
  return "members" in value ? rowsOfMembers(value, positions) : rowsOf(value, positions);
}

/** The rows at `positions`, copied. */
export function rowsOf({ columns, values }: Matrix, positions: Uint32Array): Matrix {
  const kept = new Float32Array(positions.length * columns);
  positions.forEach((position, row) => {
    kept.set(values.subarray(position * columns, (position + 1) * columns), row * columns);
  });
  return { rows: positions.length, columns, values: kept };
}

function rowsOfMembers(matrix: MemberMatrix, positions: Uint32Array): MemberMatrix {
  const { members, columns } = matrix;
  const size = positions.length * columns;
  const values = new Float32Array(members * size);
  for (let m = 0; m < members; m++) values.set(rowsOf(memberOf(matrix, m), positions).values, m * size);
  return { members, rows: positions.length, columns, values };
}
