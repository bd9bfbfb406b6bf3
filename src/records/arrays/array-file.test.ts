// The files of test/fixtures/arrays as NumPy and pyarrow wrote them, each against the figures they were made of.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as zlib from "node:zlib";
import { isArrayFile, openNumbers, openTable, parseArrayFile, readTexts } from "./array-file.ts";
import { checkFinite, checkProbabilities } from "./number-rows.ts";
import { readArray } from "./read-array.ts";

const fixtures = join(import.meta.dirname, "..", "..", "..", "test", "fixtures", "arrays");
const expected = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as {
  readonly matrix: number[][];
  readonly whole: number[][];
  readonly members: number[][][];
  readonly ids: string[];
  readonly numbers: string[];
  readonly groups: string[];
};
const folder = mkdtempSync(join(tmpdir(), "foreloss-arrays-"));
after(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => parseArrayFile(join(fixtures, name));
const noCheck = () => undefined;

async function read(name: string): Promise<{ members: number; rows: number; columns: number; values: number[] }> {
  const { values, ...shape } = await readArray(await openNumbers(fixture(name)), { check: noCheck });
  return { ...shape, values: [...values] };
}

const matrix = { members: 1, rows: 5, columns: 3, values: expected.matrix.flat() };
const asWritten = [
  "f2.npy",
  "f4.npy",
  "f8.npy",
  "big-endian.npy",
  "columns-first.npy",
  "one.npz",
  "packed.npz#embeddings",
];
const codecs = ["none", "snappy", "zstd", "gzip", "lz4", "brotli"].map((codec) => `${codec}.parquet`);
const lists = ["fixed", "list", "large"].flatMap((column) =>
  ["table.parquet", "uncompressed.arrow", "stream.arrow"].map((file) => `${file}#${column}`),
);
for (const name of [
  ...asWritten,
  "several.npz#embeddings",
  ...codecs,
  ...lists,
  "table.parquet#p0,p1,p2",
  "stream.arrow#p*",
]) {
  test(`${name} holds the numbers it was made of`, async () => assert.deepEqual(await read(name), matrix));
}

for (const kind of ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]) {
  test(`whole numbers of type ${kind} are read`, async () => {
    assert.deepEqual((await read(`${kind}.npy`)).values, expected.whole.flat());
  });
}

test("an array of one axis is one column", async () => {
  const values = expected.matrix.map(([first]) => first);
  assert.deepEqual(await read("one-axis.npy"), { members: 1, rows: 5, columns: 1, values });
});

for (const name of ["members.npy", "members-columns-first.npy", "several.npz#members", "packed.npz#members"]) {
  test(`${name} is members, items, classes, whatever its order`, async () => {
    assert.deepEqual(await read(name), { members: 2, rows: 5, columns: 3, values: expected.members.flat(2) });
  });
}

test("a file packed with Zstandard is read where Node can", {
  skip: zlib.zstdDecompressSync === undefined,
}, async () => {
  assert.deepEqual(await read("zstd.arrow#fixed"), matrix);
});

for (const [name, texts] of [
  ["ids-text.npy", expected.ids],
  ["ids-bytes.npy", expected.ids],
  ["ids-i8.npy", expected.numbers],
  ["several.npz#ids", expected.ids],
  ["packed.npz#ids", expected.ids],
  ...["table.parquet", "uncompressed.arrow"].flatMap((file): [string, string[]][] => [
    [`${file}#id`, expected.ids],
    [`${file}#number`, expected.numbers],
    [`${file}#group`, expected.groups],
  ]),
] as const) {
  test(`${name} gives ids as texts, whole numbers exactly`, async () => {
    assert.deepEqual(await readTexts(fixture(name)), texts);
  });
}

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const csv = 'id,a,b\n"x, 1",0.5,2\n\ny,-1,3e2\r\n"a ""b""\nc",7,.25\n';

test("CSV gives numbers and ids, in any order of columns, and leaves ids out when nothing is named", async () => {
  const file = put("plain.csv", csv);
  const numbersOf = async (part: string | null) => [
    ...(await readArray(await openNumbers({ path: file, part }), { check: noCheck })).values,
  ];
  assert.deepEqual(await numbersOf("b,a"), [2, 0.5, 300, -1, 0.25, 7]);
  assert.deepEqual(await numbersOf(null), [0.5, 2, -1, 300, 7, 0.25]);
  assert.deepEqual(await readTexts({ path: file, part: "id" }), ["x, 1", "y", 'a "b"\nc']);
});

test("a text file gives an id per line", async () => {
  assert.deepEqual(await readTexts(parseArrayFile(put("ids.txt", "a\r\nb c\r\nd\n"))), ["a", "b c", "d"]);
});

test("a table says which columns it has and what they hold", async () => {
  const { columns } = (await openTable(join(fixtures, "table.parquet")))!;
  assert.deepEqual(Object.fromEntries(columns.map(({ name, kind }) => [name, kind])), {
    ...{ id: "text", number: "number", group: "text", fixed: "vector", list: "vector", large: "vector" },
    ...{ p0: "number", p1: "number", p2: "number", flag: "number", gap: "number", ragged: "vector" },
  });
});

test("a file is told from the name of a column by its ending", () => {
  assert.deepEqual(["a.npy", "b.parquet#id", "id", "c.CSV"].map(isArrayFile), [true, true, false, true]);
});

test("what is wanted of a file stands behind a #, which may stand in the names of folders too", () => {
  assert.deepEqual(parseArrayFile("a/pool.npz#x"), { path: "a/pool.npz", part: "x" });
  assert.deepEqual(parseArrayFile("run#3/pool.npy"), { path: "run#3/pool.npy", part: null });
  assert.deepEqual(parseArrayFile("run#3/pool.csv#a,b"), { path: "run#3/pool.csv", part: "a,b" });
});

const bytesOf = (name: string) => readFileSync(join(fixtures, name));
const cut = (name: string, length: number) => put(`cut-${name}`, bytesOf(name).subarray(0, length));
const spoiled = (name: string, from: number, to: number) =>
  put(`bad-${name}`, Buffer.from(bytesOf(name)).fill(0xff, from, to));
const refused: readonly [string, string, RegExp][] = [
  ["a .npy file cut short", cut("f4.npy", 180), /cut-f4\.npy: 52 bytes of entries, its shape \(5, 3\) promises 60/],
  ["a .npy file that ends in its header", cut("f8.npy", 60), /cut-f8\.npy: ends within its header, after 60 bytes/],
  ["pickled objects", join(fixtures, "objects.npy"), /objects\.npy: holds Python objects; needs numbers/],
  ["an archive cut short", cut("one.npz", 200), /cut-one\.npz: no NumPy archive \(\.npz\) file, or a damaged one/],
  [
    "a packed array that is damaged",
    `${spoiled("packed.npz", 60, 90)}#embeddings`,
    /bad-packed\.npz: no NumPy archive/,
  ],
  [
    "several arrays and no name",
    join(fixtures, "several.npz"),
    /holds 3 arrays: embeddings, members, ids; name one, as/,
  ],
  [
    "an array that is not there",
    `${join(fixtures, "several.npz")}#embedings`,
    /no array "embedings"; did you mean "embeddings"/,
  ],
  ["a Parquet file cut short", cut("none.parquet", 500), /cut-none\.parquet: no Parquet file, or a damaged one/],
  ["a Parquet file with damaged pages", spoiled("snappy.parquet", 120, 200), /bad-snappy\.parquet: no Parquet file/],
  ["a missing value", `${join(fixtures, "table.parquet")}#gap`, /table\.parquet#gap: row 2 has no value/],
  [
    "lists of several lengths",
    `${join(fixtures, "table.parquet")}#ragged`,
    /#ragged: row 2 has 1 numbers, the rows before have 2/,
  ],
  [
    "texts for numbers",
    `${join(fixtures, "table.parquet")}#id`,
    /table\.parquet#id: a column of Utf8; numbers are needed/,
  ],
  [
    "several columns of vectors",
    join(fixtures, "table.parquet"),
    /several columns of vectors: fixed, list, large, ragged; name one/,
  ],
  ["a column that is not there", `${join(fixtures, "table.parquet")}#fixd`, /no column "fixd"; did you mean "fixed"\?/],
  [
    "an Arrow file cut short",
    cut("uncompressed.arrow", 900),
    /cut-uncompressed\.arrow: no Arrow file, or one cut short/,
  ],
  [
    "an Arrow stream that ends between batches",
    cut("stream.arrow", 4584),
    /cut-stream\.arrow: no Arrow file, or one cut/,
  ],
  ["an Arrow file packed with LZ4", `${join(fixtures, "lz4.arrow")}#fixed`, /lz4\.arrow: no Arrow file/],
  ["text in a column of numbers", put("text.csv", "a,b\n1,2\n3,nan\n"), /text\.csv:3: b: "nan" is not a finite number/],
  ["a row that is too short", put("short.csv", "a,b\n1,2\n3\n"), /short\.csv:3: 1 cells under a header of 2/],
  ["no header", put("bare.csv", "1,2\n3,4\n"), /bare\.csv:1: numbers where the names of the columns should stand: 1,2/],
  ["an empty file", put("empty.csv", ""), /empty\.csv: an empty file/],
  ["quotes that are never closed", put("quotes.csv", 'a,b\n"1,2\n3,4\n'), /quotes\.csv:2: quotes out of place/],
  [
    "a format that is not known",
    put("pool.parqet", ""),
    /pool\.parqet: files with this ending cannot be read; did you mean "\.parquet"/,
  ],
];
for (const [what, file, message] of refused) {
  test(`${what} is refused, and the file is named`, async () => {
    const reading = async () => readArray(await openNumbers(parseArrayFile(file)), { check: noCheck });
    await assert.rejects(reading, { name: "ForelossError", message });
  });
}

test("ids that are no whole numbers are refused", async () => {
  await assert.rejects(() => readTexts(fixture("one-axis.npy")), /numbers of type f32; ids are whole numbers or texts/);
  await assert.rejects(() => readTexts(fixture("table.parquet#p1")), /table\.parquet#p1: row 0 holds -0\.375; ids are/);
});

test("a number that is not finite is refused with its row and column, and its member", async () => {
  const bytes = Buffer.from(bytesOf("members.npy"));
  bytes.writeFloatLE(Number.NaN, bytes.length - 4 * 5); // member 1, row 3, column 1
  const source = await openNumbers(parseArrayFile(put("nan.npy", bytes)));
  await assert.rejects(
    () => readArray(source, { check: checkFinite }),
    /nan\.npy: member 1, row 3, column 1: NaN is not a/,
  );
});

test("what is no probabilities is refused with its row", async () => {
  const check = async (text: string) =>
    readArray(await openNumbers(parseArrayFile(put("p.csv", text))), { check: checkProbabilities });
  await check("a,b\n0.25,0.75\n0.9995,0\n");
  await assert.rejects(() => check("a,b\n1,0\n0.5,0.6\n"), /p\.csv: row 1: the probabilities add up to 1\.1, not 1/);
  await assert.rejects(
    () => check("a,b\n1.5,-0.5\n"),
    /p\.csv: row 0, column 1: a probability of -0\.5; give what softmax/,
  );
});

test("what needs more memory than there is is refused before it is read", async () => {
  const source = await openNumbers(fixture("f4.npy"));
  const reading = readArray(source, { check: noCheck, availableBytes: 59 });
  await assert.rejects(reading, /f4\.npy: 5 x 3 numbers need 60 B of memory, 59 B are free/);
});
