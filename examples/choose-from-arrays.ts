// Your own model's arrays, and only the choice from us: embeddings and probabilities as typed arrays in, picks out. Then the
// same from a file that need not fit into memory. Outside this repository: import from "foreloss/core", "foreloss/records"
// and "foreloss/strategies".
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type Matrix } from "../src/core/index.ts";
import { checkProbabilities, encodeNpy, openNumbers, parseArrayFile } from "../src/records/index.ts";
import { badge, coreSet, type Pool, scoreByEntropy, topScores } from "../src/strategies/index.ts";

/** Stands for what your model gives: two clouds of items, one of them half-way between the classes. */
const items = 1000;
const random = createRandom(7, "arrays");
const isUnsure = (item: number) => item % 10 === 3;
const embedding: Matrix = {
  rows: items,
  columns: 8,
  values: Float32Array.from({ length: items * 8 }, (_, i) => random.normal() + (isUnsure(i >> 3) ? 4 : 0)),
};
const probabilities: Matrix = {
  rows: items,
  columns: 2,
  values: Float32Array.from({ length: items * 2 }, (_, i) => {
    const sure = isUnsure(i >> 1) ? 0.5 + (i >> 1) / 1e5 : 0.95;
    return i % 2 === 0 ? sure : 1 - sure;
  }),
};
const ids = Array.from({ length: items }, (_, item) => `picture-${item}`);
const nothing = { ids: [], signals: {} };

const pool: Pool = { ids, signals: { embedding, probabilities }, labelled: nothing };
for (const strategy of [coreSet, badge]) {
  const picks = await strategy.select(pool, 20, createRandom(0, "ties"));
  console.log(`${strategy.name}: ${picks.filter(isUnsure).length} of ${picks.length} unsure, first ${ids[picks[0]!]}`);
}

/** One score after the other: only the best stay in memory. */
const folder = await mkdtemp(join(tmpdir(), "foreloss-example-"));
const file = join(folder, "probabilities.npy");
await writeFile(file, encodeNpy(probabilities));
const source = await openNumbers(parseArrayFile(file));
const best = topScores(3, createRandom(0, "ties"));
for await (const piece of source.pieces()) {
  checkProbabilities(source, piece);
  const part = { rows: piece.rows, columns: source.columns, values: piece.values };
  const partIds = ids.slice(piece.first, piece.first + piece.rows);
  best.offer(scoreByEntropy({ ids: partIds, signals: { probabilities: part }, labelled: nothing }), piece.first);
}
console.log(`entropy: ${Array.from(best.best().positions, (position) => ids[position]).join(" ")}`);
await rm(folder, { recursive: true });
