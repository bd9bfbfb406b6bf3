// `foreloss select` on arrays as a person uses it: picks and their manifest on disk, repeated bit for bit, or refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encodeNpy } from "../src/records/npy.ts";
import type { SelectionManifest } from "../src/records/selection.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const fixtures = join(import.meta.dirname, "fixtures", "arrays");
const folder = mkdtempSync(join(tmpdir(), "foreloss-select-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "data"));
for (const name of ["pool.npz", "pool.parquet", "labelled.npy"])
  copyFileSync(join(fixtures, name), join(folder, "data", name));

function foreloss(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const read = (name: string) => readFileSync(join(folder, name), "utf8");
const embeddings = [
  "--embeddings",
  "data/pool.parquet#embedding",
  "--groups",
  "group",
  "--labelled",
  "data/labelled.npy",
];
const coreSet = ["select", ...embeddings, "--strategy", "core-set", "--count", "5", "--seed", "3"];

test("picks, their reasons and a manifest are left, and the manifest repeats the choice bit for bit", () => {
  const first = foreloss(...coreSet, "--out", "picks.csv");
  assert.deepEqual([first.code, first.err], [0, ""]);
  assert.equal(first.out, "5 of 60 items picked by core-set: picks.csv\n");
  const csv = read("picks.csv");
  assert.match(
    csv,
    /^rank,item,nearest_labelled,distance,nearest_pick,pick_distance,group\n1,picture-\d\d\.jpg,labelled row \d,\d\.\d+,,,\d+\n/,
  );
  const manifest = JSON.parse(read("picks.manifest.json")) as SelectionManifest;
  assert.deepEqual(
    manifest.inputs.map(({ option, file, part }) => [option, file, part]),
    [
      ["embeddings", "data/pool.parquet", "embedding"],
      ["groups", "data/pool.parquet", "group"],
      ["labelled", "data/labelled.npy", null],
    ],
  );
  rmSync(join(folder, "picks.csv"));
  const again = foreloss("select", "--replay", "picks.manifest.json");
  assert.equal(again.out, "5 of 60 items picked by core-set, the same as then: picks.csv\n");
  assert.equal(read("picks.csv"), csv);
});

/** 400 rows of 4 numbers, which take 14,400 bytes in memory. */
function largePool(rowToSpoil?: number): string {
  const values = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i * i));
  if (rowToSpoil !== undefined) values[4 * rowToSpoil] = Number.POSITIVE_INFINITY;
  const name = `data/large-${rowToSpoil ?? "sound"}.npy`;
  writeFileSync(join(folder, name), encodeNpy({ rows: 400, columns: 4, values }));
  return name;
}
const inParts = ["--labelled", "data/labelled.npy", "-s", "core-set", "-n", "6", "--memory", "8KB"];

test("embeddings above --memory are chosen from in parts, which is said and is repeated from the manifest bit for bit", () => {
  const { code, out, err } = foreloss("select", "--embeddings", largePool(), ...inParts, "--out", "parts.csv");
  assert.deepEqual([code, out], [0, "6 of 400 items picked by core-set: parts.csv\n"]);
  assert.match(err, /^data\/large-sound\.npy: core-set chooses in \d parts to stay within 8 KB; .*four times[^\n]*\n$/);
  const csv = read("parts.csv");
  assert.match(csv, /^rank,item,nearest_labelled,distance,nearest_pick,pick_distance\n1,\d+,labelled row \d,/);
  const manifest = JSON.parse(read("parts.manifest.json")) as SelectionManifest;
  const { parts, rowsPerPart } = manifest.partition!;
  assert.equal(manifest.memoryBytes, 8000);
  assert.ok(parts > 1 && Math.ceil(400 / rowsPerPart) === parts);
  rmSync(join(folder, "parts.csv"));
  assert.equal(foreloss("select", "--replay", "parts.manifest.json").code, 0);
  assert.equal(read("parts.csv"), csv);
  const partition = { parts: 10, rowsPerPart: 40 };
  writeFileSync(join(folder, "other.manifest.json"), JSON.stringify({ ...manifest, partition }));
  const other = foreloss("select", "--replay", "other.manifest.json", "--out", "others.csv");
  assert.match(other.err, /the picks come out differently now, so nothing was written/);
  assert.equal(existsSync(join(folder, "others.csv")), false);
});

test("nothing is written when a later part turns out wrong", () => {
  const spoilt = largePool(390);
  const before = readdirSync(folder);
  const { code, err } = foreloss("select", "--embeddings", spoilt, ...inParts, "--out", "spoilt.csv");
  assert.equal(code, 1);
  assert.match(err, /data\/large-390\.npy: row 390, column 0: Infinity is not a finite number/);
  assert.deepEqual(readdirSync(folder), before);
});

test("picks as JSON by the ending of their file, for the same choice", () => {
  assert.equal(foreloss(...coreSet, "--out", "picks.json").code, 0);
  const { strategy, picks } = JSON.parse(read("picks.json"));
  assert.equal(strategy, "core-set");
  assert.deepEqual(Object.keys(picks[1]), ["rank", "item", "signals", "nearestLabelled", "nearestPick", "group"]);
  assert.deepEqual(JSON.parse(foreloss(...coreSet, "--json").out), { strategy, picks });
});

test("a choice is not repeated when one of its files has changed, which is named, and nothing is written", () => {
  const args = ["select", "--probabilities", "data/p.csv", "--strategy", "margin", "--count", "2"];
  writeFileSync(join(folder, "data", "p.csv"), "id,a,b\nx,0.5,0.5\ny,1,0\nz,0.7,0.3\n");
  assert.equal(foreloss(...args, "--out", "few.csv").code, 0);
  assert.equal(read("few.csv"), "rank,item,margin\n1,x,1\n2,z,0.6\n");
  writeFileSync(join(folder, "data", "p.csv"), "id,a,b\nx,0.5,0.5\ny,0,1\nz,0.7,0.3\n");
  rmSync(join(folder, "few.csv"));
  const { code, err } = foreloss("select", "--replay", "few.manifest.json");
  assert.equal(code, 1);
  assert.match(err, /data\/p\.csv: has changed since \(\d+ bytes with SHA-256 /);
  assert.equal(existsSync(join(folder, "few.csv")), false);
});

test("a manifest whose picks were others is not carried out", () => {
  foreloss(...coreSet, "--out", "kept.csv");
  const manifest = JSON.parse(read("kept.manifest.json")) as SelectionManifest;
  writeFileSync(join(folder, "edited.manifest.json"), JSON.stringify({ ...manifest, seed: 4, strategy: "random" }));
  const { code, err } = foreloss("select", "--replay", "edited.manifest.json", "--out", "other.csv");
  assert.deepEqual([code, existsSync(join(folder, "other.csv"))], [1, false]);
  assert.match(err, /the picks come out differently now, so nothing was written/);
  writeFileSync(join(folder, "odd.manifest.json"), JSON.stringify({ ...manifest, sead: 4 }));
  assert.match(foreloss("select", "--replay", "odd.manifest.json").err, /sead: unknown field; did you mean "seed"\?/);
});

test("nothing is written when a file turns out wrong half-way", () => {
  const rows = Array.from({ length: 50 }, () => "0.5,0.5").join("\n");
  writeFileSync(join(folder, "data", "late.csv"), `a,b\n${rows}\n0.5,x\n`);
  const before = readdirSync(folder);
  const args = [
    "select",
    "--probabilities",
    "data/late.csv",
    "--strategy",
    "margin",
    "--count",
    "2",
    "--out",
    "late.csv",
  ];
  const { code, err } = foreloss(...args);
  assert.equal(code, 1);
  assert.match(err, /data\/late\.csv:52: b: "x" is not a finite number/);
  assert.deepEqual(readdirSync(folder), before);
});

const mistakes: readonly [string, string[], RegExp][] = [
  ["no strategy", ["select", "--embeddings", "data/labelled.npy", "--count", "1"], /--strategy is missing/],
  [
    "neither count nor budget",
    ["select", "--embeddings", "data/labelled.npy", "-s", "random"],
    /give --count, or --budget/,
  ],
  [
    "one factor of a gradient",
    ["select", "--gradients", "a.npy", "-s", "badge", "-n", "1"],
    /--gradients: 1 files; two are needed/,
  ],
  [
    "labelled items named in two ways",
    ["select", "-s", "random", "-n", "1", "--labelled-classes", "a.npy", "--labelled-items", "b.txt"],
    /--labelled-classes and --labelled-items: .* give one of the two/,
  ],
  ["a budget of nothing", ["select", "-s", "random", "--budget", "0"], /It needs a number above 0/],
  [
    "a replay with options",
    ["select", "--replay", "m.json", "-s", "random"],
    /strategy, count, memory and files are those of the manifest/,
  ],
  [
    "a memory without a unit",
    ["select", "-s", "random", "-n", "1", "--memory", "2"],
    /It needs a size with its unit, such as 2GB/,
  ],
  ["no file at all", ["select", "-s", "random", "-n", "1"], /give a file of the items to choose from/],
];
for (const [what, args, message] of mistakes) {
  test(`${what} is told as wrong use`, () => {
    const { code, err } = foreloss(...args);
    assert.match(err, message);
    assert.equal(code, 2);
  });
}
