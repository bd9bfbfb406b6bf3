// Whole arrays in memory, for strategies that look at all items at once. What does not fit is refused before it is read.
import { freemem } from "node:os";
import { formatBytes } from "../../core/bytes.ts";
import { ForelossError } from "../../core/errors.ts";
import type { MemberMatrix } from "../../core/signals.ts";
import type { NumberRows, Piece } from "./number-rows.ts";

export interface ReadOptions {
  /** Looks at every piece before it is kept; throws for what is wrong in it. */
  readonly check: (source: NumberRows, piece: Piece) => void;
  /** Bytes that may be used; default: what is free. */
  readonly availableBytes?: number;
}

/** All rows of `source`. Throws a `ForelossError` when they need more memory than there is. */
export async function readArray(source: NumberRows, { check, availableBytes }: ReadOptions): Promise<MemberMatrix> {
  const { members, columns } = source;
  const kept: Piece[] = [];
  const available = availableBytes ?? freeBytes();
  if (source.rows !== undefined) refuseTooLarge(source, source.rows, available);
  let whole = source.rows === undefined ? null : emptyArray(source, source.rows);
  let rows = 0;
  for await (const piece of source.pieces()) {
    check(source, piece);
    rows += piece.rows;
    if (whole !== null) put(whole, piece, members, columns);
    else {
      refuseTooLarge(source, rows, available);
      kept.push(piece);
    }
  }
  whole ??= joined(kept, members, rows, columns);
  return { members, rows, columns, values: whole };
}

/** Bytes this process may still take. */
export function freeBytes(): number {
  return process.availableMemory?.() ?? freemem();
}

function emptyArray({ members, columns }: NumberRows, rows: number): Float32Array {
  return new Float32Array(members * rows * columns);
}

/** Lets go of each piece once it is copied, so that both copies are never there as a whole. */
function joined(pieces: Piece[], members: number, rows: number, columns: number): Float32Array {
  const values = new Float32Array(members * rows * columns);
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) put(values, piece, members, columns);
  return values;
}

function put(whole: Float32Array, piece: Piece, members: number, columns: number): void {
  const size = piece.rows * columns;
  const stride = whole.length / members;
  for (let member = 0; member < members; member++) {
    whole.set(piece.values.subarray(member * size, (member + 1) * size), member * stride + piece.first * columns);
  }
}

function refuseTooLarge({ where, members, columns }: NumberRows, rows: number, available: number): void {
  const needed = members * rows * columns * 4;
  if (needed <= available) return;
  const shape = `${members > 1 ? `${members} x ` : ""}${rows} x ${columns}`;
  throw new ForelossError(
    `${where}: ${shape} numbers need ${formatBytes(needed)} of memory, ${formatBytes(available)} are free`,
    {
      hint: "core-set chooses in parts when --memory says how large they may be; entropy, margin and other strategies that score every item alone read a file piece by piece; for the rest, choose from a part of the pool",
    },
  );
}
