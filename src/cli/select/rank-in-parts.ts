// Choosing from embeddings that do not fit into the memory allowed: the file goes by in parts, which all lie in one array in
// turn. Labelled items stay in memory; the strategy keeps what it needs of each part.
import { formatBytes } from "../../core/bytes.ts";
import { ForelossError, stopIfAborted } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { type ArrayFile, openNumbers } from "../../records/arrays/array-file.ts";
import { checkFinite, type NumberRows, type Piece } from "../../records/arrays/number-rows.ts";
import type { Labelled } from "../../strategies/index.ts";
import { type Choice, inputFile, refuseTooMany, type Work } from "./choice.ts";
import { type ItemIds, idOf, takenOut } from "./item-ids.ts";
import { readLabelled } from "./load-pool.ts";
import type { Partition } from "./partition.ts";
import type { Ranked } from "./reasons.ts";
import { refuseMembers, rowsAt, rowsIn } from "./signal-files.ts";

export async function rankInParts(
  choice: Choice,
  partition: Partition,
  ids: ItemIds,
  random: Random,
  work: Work,
): Promise<Ranked> {
  const count = choice.count!;
  const file = inputFile(choice.inputs, "embeddings")!;
  const source = await openNumbers(file);
  refuseMembers(source);
  const rows = await rowsIn(source);
  const taken = await rowsTaken(choice, ids, rows, source.where);
  refuseTooMany(count, rows - taken.length, choice);
  const labelled = await labelledOf(choice, ids, taken, file);
  if (partition.parts > 1) work.note?.(inWords(choice, partition, source.where));
  const centres = labelled.signals.embedding ?? { rows: 0, columns: source.columns, values: new Float32Array() };
  const parts = partsOf(source, partition, rows, new Set(taken), work);
  const picks = await choice.strategy.inParts!(parts, centres, count, random, work.abort);
  return {
    ...{ items: rows - taken.length, labelledRows: taken, labelled, partition },
    rows: picks.map((position) => rowOf(position, taken)),
    signals: Array.from(picks, () => ({})),
  };
}

function inWords({ strategy, memoryBytes }: Choice, { parts }: Partition, where: string): string {
  const limit = memoryBytes === null ? "" : ` to stay within ${formatBytes(memoryBytes)}`;
  return `${where}: ${strategy.name} chooses in ${parts} parts${limit}; the covering radius is at most four times the best possible, in one go it would be twice`;
}

/** Rows of the pool's file that --labelled-items names, in order. */
async function rowsTaken({ inputs }: Choice, ids: ItemIds, rows: number, where: string): Promise<Uint32Array> {
  if (ids.list !== null && ids.list.length !== rows) {
    throw new ForelossError(`${where}: ${rows} rows, but ${ids.where} has ${ids.list.length} items`);
  }
  const taken = await takenOut(inputs, ids);
  if (inputFile(inputs, "labelled-items") !== undefined) for (let row = 0; row < rows; row++) taken.has(row);
  return taken.rows();
}

async function labelledOf({ inputs }: Choice, ids: ItemIds, taken: Uint32Array, file: ArrayFile): Promise<Labelled> {
  if (taken.length === 0) return await readLabelled(inputs, ["embedding"], ids);
  return { ids: Array.from(taken, (row) => idOf(ids, row)), signals: { embedding: await rowsAt(file, taken) } };
}

/** Every part but the last has the same number of rows; those taken out are in none. */
async function* partsOf(
  source: NumberRows,
  { rowsPerPart }: Partition,
  rows: number,
  taken: ReadonlySet<number>,
  { abort, onRows }: Work,
): AsyncGenerator<Matrix> {
  const { columns, where } = source;
  const part = new Float32Array(rowsPerPart * columns);
  let filled = 0;
  for await (const piece of source.pieces()) {
    stopIfAborted(abort, `while reading ${where}`);
    checkFinite(source, piece);
    for (let left = without(taken, piece, columns); left.length > 0; ) {
      const numbers = left.subarray(0, part.length - filled);
      part.set(numbers, filled);
      filled += numbers.length;
      left = left.subarray(numbers.length);
      if (filled < part.length) continue;
      yield { rows: rowsPerPart, columns, values: part };
      filled = 0;
    }
    onRows?.(piece.first + piece.rows, rows);
  }
  if (filled > 0) yield { rows: filled / columns, columns, values: part.subarray(0, filled) };
}

/** The numbers of a piece but those of rows taken out, moved together in their place. */
function without(taken: ReadonlySet<number>, { first, rows, values }: Piece, columns: number): Float32Array {
  if (taken.size === 0) return values;
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    if (taken.has(first + row)) continue;
    values.copyWithin(kept * columns, row * columns, (row + 1) * columns);
    kept++;
  }
  return values.subarray(0, kept * columns);
}

/** The row of the item that stands at `position` when the rows `taken` are left out: as many later as were taken before it. */
function rowOf(position: number, taken: Uint32Array): number {
  let from = 0;
  let to = taken.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (taken[middle]! - middle > position) to = middle;
    else from = middle + 1;
  }
  return position + from;
}
