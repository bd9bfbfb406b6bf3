// Choosing from embeddings that are larger than --memory: the picks of the library on the same parts, from whatever file, with
// their reasons, and what is refused.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Field, FixedSizeList, Float32, makeData, Table, tableToIPC, Vector } from "apache-arrow";
import { Table as ParquetTable, WriterPropertiesBuilder, writeParquet } from "parquet-wasm";
import { createRandom } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { encodeNpy } from "../../records/npy.ts";
import { coreSetInParts, strategyNamed } from "../../strategies/index.ts";
import { squaredDistance } from "../../strategies/kernels/rows.ts";
import { rowsOf } from "../../strategies/signals/part.ts";
import { drawPoints, matrixOf } from "../../strategies/testing/made-pool.ts";
import { type Choice, type Chosen, inputsOf, type TypedInputs } from "./choice.ts";
import { choose } from "./choose.ts";

const folder = mkdtempSync(join(tmpdir(), "foreloss-in-parts-"));
after(() => rmSync(folder, { recursive: true }));
const pool = matrixOf(drawPoints(600, 3, createRandom(1)));
const labelled = matrixOf(drawPoints(5, 3, createRandom(2)));
const files: TypedInputs = {
  embeddings: put("pool.npy", encodeNpy(pool)),
  labelled: put("l.npy", encodeNpy(labelled)),
};
/** All at once take 600 x 32 + 60 bytes. */
const memoryBytes = 10_000;

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function chosen(typed: TypedInputs, more: Partial<Choice> & { readonly note?: (line: string) => void } = {}) {
  const { note, ...asked } = more;
  const choice: Choice = {
    ...{ strategy: strategyNamed("core-set"), seed: 3, count: 12, wholeGroups: false, budget: null, nearest: true },
    ...{ memoryBytes, partition: null, inputs: inputsOf(typed), ...asked },
  };
  return await choose(choice, { abort: new AbortController().signal, ...(note && { note }) });
}

const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const rowsOfPicks = ({ picks }: Chosen) => picks.map(({ item }) => Number(item));

function parts(rows: Uint32Array, size: number): Matrix[] {
  const count = Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, at) => rowsOf(pool, rows.subarray(at * size, (at + 1) * size)));
}

/** Distance of the item that is farthest from its nearest label or pick. */
function radius(picks: readonly number[]): number {
  const distances = Array.from({ length: pool.rows }, (_, row) => {
    const toPicks = picks.map((pick) => squaredDistance(pool.values, row, pool.values, pick, 3));
    const toLabels = [...range(0, 5)].map((label) => squaredDistance(pool.values, row, labelled.values, label, 3));
    return Math.min(...toPicks, ...toLabels);
  });
  return Math.sqrt(Math.max(...distances));
}

test("the picks are the library's on parts of the size that is told, and cover the pool as promised", async () => {
  const lines: string[] = [];
  const result = await chosen(files, { note: (line) => lines.push(line) });
  const { parts: count, rowsPerPart } = result.partition!;
  assert.ok(count > 1 && rowsPerPart * 32 < memoryBytes);
  const random = createRandom(3, "ties");
  const expected = await coreSetInParts(parts(range(0, 600), rowsPerPart), labelled, 12, random);
  assert.deepEqual(rowsOfPicks(result), [...expected]);
  const whole = await chosen(files, { memoryBytes: null });
  assert.equal(whole.partition, null);
  assert.ok(radius(rowsOfPicks(result)) <= 4 * radius(rowsOfPicks(whole)));
  assert.match(
    lines.join("\n"),
    new RegExp(`^\\S+pool.npy: core-set chooses in ${count} parts to stay within 10 KB; .*four times.*$`),
  );
});

test("what fits into the memory given is chosen from at once, to the same picks as without", async () => {
  const fitting = await chosen(files, { memoryBytes: 20_000 });
  assert.equal(fitting.partition, null);
  assert.deepEqual(fitting.picks, (await chosen(files, { memoryBytes: null })).picks);
});

test("every pick has its nearest labelled item and its nearest earlier pick, across parts", async () => {
  const { picks } = await chosen(files);
  const rows = picks.map(({ item }) => Number(item));
  picks.forEach(({ nearestLabelled, nearestPick }, at) => {
    const toLabels = [...range(0, 5)].map((l) => squaredDistance(pool.values, rows[at]!, labelled.values, l, 3));
    const toPicks = rows.slice(0, at).map((pick) => squaredDistance(pool.values, rows[at]!, pool.values, pick, 3));
    assert.equal(nearestLabelled!.distance, Math.sqrt(Math.min(...toLabels)));
    assert.equal(nearestPick?.distance ?? Infinity, Math.sqrt(Math.min(...toPicks)));
  });
});

test("items named as labelled are in no part, and count as labelled", async () => {
  const taken = [0, 1, 7, 150, 151, 152, 599];
  const names = put("taken.txt", taken.join("\n"));
  const { embeddings } = files;
  const result = await chosen({ embeddings: embeddings!, "labelled-items": names });
  const left = range(0, 600).filter((row) => !taken.includes(row));
  const centres = rowsOf(pool, Uint32Array.from(taken));
  const picks = await coreSetInParts(parts(left, result.partition!.rowsPerPart), centres, 12, createRandom(3, "ties"));
  assert.deepEqual(
    rowsOfPicks(result),
    Array.from(picks, (position) => left[position]!),
  );
  assert.equal(result.items, 593);
  assert.ok(result.picks.every(({ nearestLabelled }) => taken.includes(Number(nearestLabelled!.item))));
});

test("picks are called by their ids and have their groups and costs", async () => {
  const table = Array.from({ length: 600 }, (_, row) => `n${row},g${row % 7},${1 + row}`).join("\n");
  const about = put("about.csv", `id,group,cost\n${table}\n`);
  const typed = { ...files, ids: `${about}#id`, groups: `${about}#group`, costs: `${about}#cost` };
  const rows = rowsOfPicks(await chosen(files));
  assert.deepEqual(
    (await chosen(typed)).picks.map(({ item, group, cost }) => [item, group, cost]),
    rows.map((row) => [`n${row}`, `g${row % 7}`, 1 + row]),
  );
});

test("Parquet and Arrow in batches of other lengths give the same picks in the same parts", async () => {
  const partition = { parts: 3, rowsPerPart: 200 };
  const expected = (await chosen(files, { partition })).picks;
  for (const embeddings of [put("pool.arrow", arrowOf(pool)), put("pool.parquet", parquetOf(pool, 77))]) {
    assert.deepEqual((await chosen({ ...files, embeddings }, { partition })).picks, expected, embeddings);
  }
  const { partition: counted } = await chosen({ ...files, embeddings: join(folder, "pool.arrow") });
  assert.deepEqual(counted, (await chosen(files)).partition);
});

function arrowOf({ rows, columns, values }: Matrix): Uint8Array {
  return tableToIPC(tableOf({ rows, columns, values }), "file");
}

function parquetOf(matrix: Matrix, rowsPerGroup: number): Uint8Array {
  const table = ParquetTable.fromIPCStream(tableToIPC(tableOf(matrix), "stream"));
  return writeParquet(table, new WriterPropertiesBuilder().setMaxRowGroupSize(rowsPerGroup).build());
}

function tableOf({ rows, columns, values }: Matrix): Table {
  const type = new FixedSizeList(columns, new Field("item", new Float32()));
  const child = makeData<Float32>({ type: new Float32(), data: values });
  return new Table({ embedding: new Vector([makeData<FixedSizeList<Float32>>({ type, length: rows, child })]) });
}

const late = pool.values.slice();
late[3 * 571 + 1] = Number.NaN;

const refused: readonly [string, TypedInputs, Partial<Choice>, RegExp][] = [
  [
    "a number that is not finite, in the last part, with its row",
    { embeddings: put("nan.npy", encodeNpy({ ...pool, values: late })) },
    {},
    /nan\.npy: row 571, column 1: NaN is not a finite number/,
  ],
  [
    "too little memory, with what would do",
    files,
    { memoryBytes: 500 },
    /--memory 500 B: too little to choose 12 of 600 x 3 embeddings beside 5 labelled ones; 6\.43 KB in \d+ parts is the least/,
  ],
  [
    "a strategy that looks at all items at once, with what it takes",
    files,
    { strategy: strategyNamed("k-means") },
    /pool\.npy: choosing by k-means takes 19\.3 KB, --memory is 10 KB; give --memory as much/,
  ],
  ["a budget", files, { count: null, budget: 5 }, /--budget cannot be kept to in parts: give --memory as much/],
  ["whole groups", files, { wholeGroups: true }, /--whole-groups cannot be kept to in parts/],
  ["more picks than items", files, { count: 601 }, /--count 601, but there are 600 items to choose from/],
  [
    "ids of another number",
    { ...files, ids: put("ids.txt", "a\nb\n") },
    {},
    /pool\.npy: 600 rows, but .*ids\.txt has 2 items/,
  ],
  [
    "labelled embeddings of another width",
    { ...files, labelled: put("wide.npy", encodeNpy({ rows: 1, columns: 4, values: new Float32Array(4) })) },
    {},
    /3 numbers per embedding, the labelled ones 4/,
  ],
];
for (const [what, typed, asked, message] of refused) {
  test(`larger than memory, ${what} is refused`, async () => {
    await assert.rejects(chosen(typed, asked), message);
  });
}

test("a file cut short is refused before anything is chosen", async () => {
  const embeddings = put("short.npy", encodeNpy(pool));
  truncateSync(embeddings, 5000);
  await assert.rejects(chosen({ embeddings }), /short\.npy: \d+ bytes of entries, its shape \(600, 3\) promises 7200/);
});

test("a least memory that was told is enough when it is given", async () => {
  const told = await chosen(files, { memoryBytes: 500 }).catch((error: Error) => error.message);
  const least = Math.floor(1000 * Number(/; (6\.43) KB in/.exec(told as string)![1]));
  assert.equal((await chosen(files, { memoryBytes: least })).picks.length, 12);
});
