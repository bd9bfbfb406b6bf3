// What every file of numbers looks like once it is open, whatever its format: rows of numbers that come piece by piece, so
// that a file need not fit into memory. Rows, columns and members are counted from 0, as NumPy does.
import { ForelossError } from "../../core/errors.ts";
import { firstNotFinite } from "../../core/finite.ts";
import { firstNotProbabilities, sumTolerance } from "../../core/probabilities.ts";

/** Some rows that follow each other. */
export interface Piece {
  /** Number of the first row. */
  readonly first: number;
  readonly rows: number;
  /** The receiver may keep it. */
  readonly values: Float32Array; // [members, rows, columns]
}

export interface NumberRows {
  /** Opens messages: the file, with the array or the columns where it has several. */
  readonly where: string;
  /** 1, or the members of an ensemble in an array of three axes. */
  readonly members: number;
  /** Undefined where only reading to the end tells. */
  readonly rows: number | undefined;
  readonly columns: number;
  /** What reading takes beside its pieces, where that depends on the file: Parquet's groups of rows are read whole. */
  readonly readingBytes?: number;
  /** All rows in order. Throws a `ForelossError` for what cannot be read. */
  pieces(): AsyncIterable<Piece>;
}

/** Numbers in one piece: some megabytes of them. */
const numbersPerPiece = 2 ** 20;

/** How many rows a piece has when a row has so many numbers. */
export function rowsPerPiece(numbersPerRow: number): number {
  return Math.max(1, Math.floor(numbersPerPiece / Math.max(1, numbersPerRow)));
}

/** Refuses numbers that are not finite, and says where they stand. */
export function checkFinite(source: NumberRows, piece: Piece): void {
  const at = firstNotFinite(piece.values);
  if (at < 0) return;
  throw new ForelossError(
    `${placeOf(source, piece, at)}: ${piece.values[at]} is not a finite number; look at the model's training`,
  );
}

/** Refuses rows that are no probabilities: a number that is not finite or below 0, or a sum that is not 1. */
export function checkProbabilities(source: NumberRows, piece: Piece): void {
  const { values } = piece;
  if (firstNotProbabilities(values, source.columns) < 0) return;
  checkFinite(source, piece);
  for (let start = 0; start < values.length; start += source.columns) {
    let sum = 0;
    for (let i = start; i < start + source.columns; i++) {
      if (values[i]! < 0) {
        throw new ForelossError(`${placeOf(source, piece, i)}: a probability of ${values[i]}; ${noLogits}`);
      }
      sum += values[i]!;
    }
    if (Math.abs(sum - 1) > sumTolerance) {
      const row = placeOf(source, piece, start).replace(/, column 0$/, "");
      throw new ForelossError(`${row}: the probabilities add up to ${Number(sum.toPrecision(6))}, not 1; ${noLogits}`);
    }
  }
}

const noLogits = "give what softmax gives, not logits";

/** `pool.npy: row 17, column 3` of the number at `at` in a piece. */
function placeOf({ where, members, columns }: NumberRows, { first, rows }: Piece, at: number): string {
  const member = Math.floor(at / (rows * columns));
  const row = first + (Math.floor(at / columns) % rows);
  return `${where}: ${members > 1 ? `member ${member}, ` : ""}row ${row}, column ${at % columns}`;
}
