// Core-set of embeddings that do not fit into memory: greedy k-centre in every part, then among what was picked there (Malkomes,
// Kusner, Chen, Weinberger and Moseley 2015, section 3). No item is farther from the nearest label or pick than four times what
// the best choice would leave; in one go it is twice.
import { ForelossError } from "../../core/errors.ts";
import { permutation, type Random } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { farthestRows } from "../kernels/farthest.ts";
import { type Pace, startPace } from "../kernels/pace.ts";
import { refuseTooMany } from "../scores.ts";
import { rowsOf } from "../signals/part.ts";

interface Candidates {
  /** Row of each among all rows. */
  readonly rows: Uint32Array;
  readonly embedding: Matrix;
}

/**
 * Rows picked, farthest first (see `SelectInParts`). A single part gives greedy k-centre itself. Memory: one part, and `count`
 * embeddings for each part, at the end twice. Throws a `ForelossError` when a part is of another width or `count` exceeds the rows.
 */
export async function coreSetInParts(
  parts: AsyncIterable<Matrix> | Iterable<Matrix>,
  labelled: Matrix,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const pace = startPace("core-set", signal);
  const candidates: Candidates[] = [];
  let rows = 0;
  for await (const part of parts) {
    refuseOtherWidth(part, labelled, rows);
    candidates.push(await candidatesOf(part, rows, labelled, count, random.stream("part", candidates.length), pace));
    rows += part.rows;
  }
  refuseTooMany(count, rows);
  const [only, ...more] = candidates;
  if (only === undefined || more.length === 0) return only?.rows ?? new Uint32Array();
  const all = joined(candidates, labelled.columns);
  const positions = await picksOf(all.embedding, labelled, count, random.stream("parts"), pace);
  return positions.map((position) => all.rows[position]!);
}

async function candidatesOf(
  part: Matrix,
  first: number,
  labelled: Matrix,
  count: number,
  random: Random,
  pace: Pace,
): Promise<Candidates> {
  const positions = await picksOf(part, labelled, Math.min(count, part.rows), random, pace);
  return { rows: positions.map((position) => first + position), embedding: rowsOf(part, positions) };
}

async function picksOf(own: Matrix, labelled: Matrix, count: number, random: Random, pace: Pace): Promise<Uint32Array> {
  return await farthestRows({ own, labelled, rank: permutation(own.rows, random) }, count, pace);
}

function joined(candidates: readonly Candidates[], columns: number): Candidates {
  const rows = Uint32Array.from(candidates.flatMap((some) => [...some.rows]));
  const values = new Float32Array(rows.length * columns);
  let at = 0;
  for (const { embedding } of candidates) {
    values.set(embedding.values, at);
    at += embedding.values.length;
  }
  return { rows, embedding: { rows: rows.length, columns, values } };
}

function refuseOtherWidth(part: Matrix, labelled: Matrix, first: number): void {
  if (part.columns === labelled.columns) return;
  throw new ForelossError(
    `core-set: rows from ${first} have ${part.columns} numbers per embedding, the labelled ones ${labelled.columns}; infer all with the same model`,
  );
}
