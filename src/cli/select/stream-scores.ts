// Choosing by a score that is each item's alone: the file goes by piece by piece, and only the best are kept. The picks are
// those of a pool in memory.
import { ForelossError, stopIfAborted } from "../../core/errors.ts";
import type { ItemId } from "../../core/item.ts";
import type { Random } from "../../core/random.ts";
import type { PoolSignal, Signals } from "../../core/signals.ts";
import { openNumbers } from "../../records/arrays/array-file.ts";
import type { NumberRows, Piece } from "../../records/arrays/number-rows.ts";
import { type Pool, type Score, topScores } from "../../strategies/index.ts";
import type { Choice, Work } from "./choice.ts";
import { type ItemIds, idOf, takenOut } from "./item-ids.ts";
import { refuseSeveral, type SignalFile } from "./signal-files.ts";
import { isScalar } from "./wanted.ts";

export interface StreamedPicks {
  /** How many items there were to choose from. */
  readonly items: number;
  /** Rows of the picks in the file, best first. */
  readonly rows: Uint32Array;
  readonly scores: Float64Array;
  /** Rows that are labelled, by --labelled-items. */
  readonly labelledRows: Uint32Array;
}

export function canStream({ strategy, count, wholeGroups }: Choice, wanted: readonly PoolSignal[]): boolean {
  const [only, ...more] = wanted;
  if (strategy.score === undefined || count === null || wholeGroups || only === undefined || more.length > 0)
    return false;
  return isScalar(only) || only === "probabilities" || only === "memberProbabilities";
}

export async function streamPicks(
  choice: Choice & { readonly count: number },
  given: { readonly signal: PoolSignal; readonly score: Score; readonly file: SignalFile; readonly ids: ItemIds },
  random: Random,
  { abort, onRows }: Work,
): Promise<StreamedPicks> {
  const { signal, score, file, ids } = given;
  const source = await openNumbers(file.file);
  if (isScalar(signal)) refuseSeveral(source);
  const taken = await takenOut(choice.inputs, ids);
  const top = topScores(choice.count, random);
  const idsOf = idsOfPieces(ids);
  let rows = 0;
  for await (const piece of source.pieces()) {
    stopIfAborted(abort, `while reading ${source.where}`);
    file.check(source, piece);
    const scores = score(poolOf(source, piece, signal, idsOf(piece)));
    // Scores are finite, so that what is labelled never stands before what is not.
    for (let i = 0; i < piece.rows; i++) if (taken.has(piece.first + i)) scores[i] = Number.NEGATIVE_INFINITY;
    top.offer(scores, piece.first);
    rows += piece.rows;
    if (source.rows !== undefined) onRows?.(rows, source.rows);
  }
  if (ids.list !== null && ids.list.length !== rows) {
    throw new ForelossError(`${source.where}: ${rows} rows, but ${ids.where} has ${ids.list.length} items`);
  }
  const best = top.best();
  const labelledRows = taken.rows();
  return { items: rows - labelledRows.length, rows: best.positions, scores: best.scores, labelledRows };
}

/** A piece as a pool of its own. */
function poolOf(source: NumberRows, { rows, values }: Piece, signal: PoolSignal, ids: readonly ItemId[]): Pool {
  const { members, columns } = source;
  const matrix = { rows, columns, values };
  const value = isScalar(signal) ? values : signal === "memberProbabilities" ? { ...matrix, members } : matrix;
  return {
    ids,
    signals: { [signal]: value } as Signals,
    labelled: { ids: [], signals: {} },
  };
}

/**
 * Ids of a piece's rows. Rows without are called by their number within the piece, always by the same texts: nobody reads
 * them, since what is wrong with a piece has been refused by the row of the file, and a text for every row takes longer than
 * its score.
 */
function idsOfPieces(ids: ItemIds): (piece: Piece) => readonly ItemId[] {
  const numbers: ItemId[] = [];
  return ({ first, rows }) => {
    if (ids.list !== null) return Array.from({ length: rows }, (_, i) => idOf(ids, first + i));
    while (numbers.length < rows) numbers.push(String(numbers.length));
    return numbers.length === rows ? numbers : numbers.slice(0, rows);
  };
}
