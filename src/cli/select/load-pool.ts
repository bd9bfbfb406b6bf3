// The pool in memory, for strategies that look at all items at once.
import { ForelossError } from "../../core/errors.ts";
import type { FactorPair, Matrix, MemberMatrix, PoolSignal, Signals } from "../../core/signals.ts";
import { formatArrayFile, readTexts } from "../../records/arrays/array-file.ts";
import { checkFinite, checkProbabilities } from "../../records/arrays/number-rows.ts";
import type { Labelled, Pool } from "../../strategies/index.ts";
import { partOf } from "../../strategies/signals/part.ts";
import { type Inputs, inputFile } from "./choice.ts";
import { type ItemIds, idOf, labelledNames, readLabelledIds, refuseInPool, takenOut } from "./item-ids.ts";
import {
  countRows,
  readColumn,
  readGroups,
  readMatrix,
  readMembers,
  type ScoreColumns,
  signalFile,
} from "./signal-files.ts";
import { isScalar } from "./wanted.ts";

export interface LoadedPool {
  readonly pool: Pool;
  /** Row in the files of every item of the pool. */
  readonly rows: Uint32Array;
  /** Rows that are labelled, by --labelled-items. */
  readonly labelledRows: Uint32Array;
}

type Value = NonNullable<Signals[PoolSignal]>;

/** Reads `wanted` for all items, and the same of the labelled ones where there is a file for it. */
export async function loadPool(
  inputs: Inputs,
  wanted: readonly PoolSignal[],
  scores: ScoreColumns,
  ids: ItemIds,
): Promise<LoadedPool> {
  const read: (readonly [PoolSignal, Value])[] = [];
  for (const signal of wanted) read.push([signal, await readSignal(inputs, signal, scores)]);
  const items =
    wanted.length === 0 && ids.list === null
      ? await countRows(inputs)
      : sameRows(
          read.map(([signal, value]) => ({ where: placeOf(inputs, signal, scores), rows: rowsOf(value) })),
          ids,
        );
  const pool: Pool = {
    ids: ids.list ?? Array.from({ length: items }, (_, row) => idOf(ids, row)),
    signals: Object.fromEntries(read) as Signals,
    labelled: await readLabelled(inputs, wanted, ids),
  };
  const taken = await takenOut(inputs, ids);
  const rows = Uint32Array.from(pool.ids.keys()).filter((row) => !taken.has(row));
  const labelledRows = taken.rows();
  return labelledRows.length === 0 ? { pool, rows, labelledRows } : parted(pool, rows, labelledRows, wanted);
}

/** The pool without the rows that are labelled already, which become its labelled items. */
function parted(pool: Pool, rows: Uint32Array, taken: Uint32Array, wanted: readonly PoolSignal[]): LoadedPool {
  const { ids, signals } = partOf(pool, taken, wanted);
  return { pool: { ...partOf(pool, rows, wanted), labelled: { ids, signals } }, rows, labelledRows: taken };
}

async function readSignal(inputs: Inputs, signal: PoolSignal, scores: ScoreColumns): Promise<Value> {
  if (signal === "gradientFactors") return await readFactors(inputs);
  if (signal === "group") return (await readGroups(inputFile(inputs, "groups")!)).groups;
  const file = signalFile(inputs, signal, scores);
  if (signal === "memberProbabilities") return await readMembers(file);
  return isScalar(signal) || signal === "cost" ? await readColumn(file) : await readMatrix(file);
}

async function readFactors({ gradients }: Inputs): Promise<FactorPair> {
  const [left, right] = gradients!;
  return {
    left: await readMatrix({ file: left!, check: checkFinite }),
    right: await readMatrix({ file: right!, check: checkFinite }),
  };
}

/** What of `wanted` is read of labelled items too, from the files that are theirs. */
export async function readLabelled(inputs: Inputs, wanted: readonly PoolSignal[], ids: ItemIds): Promise<Labelled> {
  const file = inputFile(inputs, "labelled");
  const probabilitiesFile = inputFile(inputs, "labelled-probabilities");
  const classesFile = inputFile(inputs, "labelled-classes");
  const signals: { embedding?: Matrix; probabilities?: Matrix } = {};
  if (file !== undefined && wanted.includes("embedding"))
    signals.embedding = await readMatrix({ file, check: checkFinite });
  if (probabilitiesFile !== undefined) {
    signals.probabilities = await readMatrix({ file: probabilitiesFile, check: checkProbabilities });
  }
  const named = await readLabelledIds(inputs);
  if (named !== null) refuseInPool(named, ids);
  const classes = classesFile === undefined ? undefined : await readClasses(inputs);
  const rows = sameRows(
    [
      ...(signals.embedding === undefined ? [] : [{ where: formatArrayFile(file!), rows: signals.embedding.rows }]),
      ...(signals.probabilities === undefined
        ? []
        : [{ where: formatArrayFile(probabilitiesFile!), rows: signals.probabilities.rows }]),
      ...(classes === undefined ? [] : [{ where: formatArrayFile(classesFile!), rows: classes.length }]),
    ],
    named ?? { list: null, where: "" },
  );
  return { ids: labelledNames(named?.list, rows), signals, ...(classes === undefined ? {} : { classes }) };
}

async function readClasses(inputs: Inputs): Promise<Uint32Array> {
  const file = inputFile(inputs, "labelled-classes")!;
  return Uint32Array.from(await readTexts(file), (text, row) => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new ForelossError(`${formatArrayFile(file)}: row ${row}: "${text}" is no class; give its index, from 0`);
  });
}

interface Counted {
  readonly where: string;
  readonly rows: number;
}

/** The number of rows that all have; 0 when there are none. */
function sameRows(files: readonly Counted[], ids: ItemIds): number {
  const all = ids.list === null ? files : [{ where: ids.where, rows: ids.list.length }, ...files];
  const [first] = all;
  const other = all.find(({ rows }) => rows !== first?.rows);
  if (first === undefined || other === undefined) return first?.rows ?? 0;
  throw new ForelossError(`${other.where}: ${other.rows} rows, but ${first.where} has ${first.rows} items`);
}

function placeOf(inputs: Inputs, signal: PoolSignal, scores: ScoreColumns): string {
  if (signal === "group") return formatArrayFile(inputFile(inputs, "groups")!);
  if (signal === "gradientFactors") return formatArrayFile(inputFile(inputs, "gradients")!);
  return formatArrayFile(signalFile(inputs, signal, scores).file);
}

function rowsOf(value: Matrix | MemberMatrix | FactorPair | Float32Array | Uint32Array): number {
  if ("left" in value) {
    if (value.left.rows !== value.right.rows) {
      throw new ForelossError(`--gradients: ${value.left.rows} rows to the left, ${value.right.rows} to the right`);
    }
    return value.left.rows;
  }
  return "rows" in value ? value.rows : value.length;
}
