// Choosing from files: the picks and reasons of NumPy on the same arrays, whatever the format, and what is wrong in a file.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encodeNpy } from "../../records/npy.ts";
import { strategyNamed } from "../../strategies/index.ts";
import { type Chosen, inputsOf, type TypedInputs } from "./choice.ts";
import { choose } from "./choose.ts";

const fixtures = join(import.meta.dirname, "..", "..", "..", "test", "fixtures", "arrays");
const { choice: expected } = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as {
  readonly choice: {
    readonly ids: string[];
    readonly groups: number[];
    readonly costs: number[];
    readonly ranked: Readonly<Record<string, { readonly rows: number[]; readonly scores: number[] }>>;
    readonly coreSet: {
      readonly rows: number[];
      readonly nearestLabelled: { readonly rows: number[]; readonly distances: number[] };
    };
    readonly takingOutTheFirstTen: number[];
  };
};
const folder = mkdtempSync(join(tmpdir(), "foreloss-choose-"));
after(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => join(fixtures, name);
const pool = fixture("pool.parquet");

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

interface Asked {
  readonly count?: number;
  readonly budget?: number;
  readonly wholeGroups?: boolean;
  readonly seed?: number;
  readonly memory?: number;
}

async function chosen(
  strategy: string,
  typed: TypedInputs,
  { count, budget, wholeGroups = false, seed = 0, memory }: Asked = {},
): Promise<Chosen> {
  const many = budget === undefined ? (count ?? 10) : null;
  const choice = {
    strategy: strategyNamed(strategy),
    seed,
    count: many,
    budget: budget ?? null,
    wholeGroups,
    nearest: true,
    memoryBytes: memory ?? null,
    partition: null,
  };
  return await choose({ ...choice, inputs: inputsOf(typed) }, { abort: new AbortController().signal });
}

const itemsOf = ({ picks }: Chosen) => picks.map(({ item }) => item);
const rowsOf = (chosen: Chosen) => itemsOf(chosen).map(Number);
const near = (actual: number, expected: number) => Math.abs(actual - expected) < 1e-5;

const probabilityFiles: readonly [string, TypedInputs][] = [
  ["one array", { probabilities: `${fixture("pool.npz")}#probabilities` }],
  ["members", { members: `${fixture("pool.npz")}#members` }],
  ["Parquet columns", { probabilities: `${pool}#p*` }],
];
for (const name of ["entropy", "margin", "least-confidence"]) {
  for (const [what, typed] of probabilityFiles) {
    test(`${name} from ${what} picks what NumPy puts first, with its score`, async () => {
      const { rows, scores } = expected.ranked[name]!;
      const result = await chosen(name, typed);
      const names = what === "Parquet columns" ? rows.map((row) => expected.ids[row]) : rows.map(String);
      assert.deepEqual(itemsOf(result), names);
      assert.equal(result.items, 60);
      result.picks.forEach(({ signals }, at) => {
        assert.ok(near(Object.values(signals)[0]!, scores[at]!), `${name} ${at}`);
      });
    });
  }
}

test("core-set picks what its definition in NumPy picks, and says how far the nearest labelled item is", async () => {
  const { rows, nearestLabelled } = expected.coreSet;
  const typed = { embeddings: `${fixture("pool.npz")}#embeddings`, labelled: fixture("labelled.npy") };
  const result = await chosen("core-set", typed);
  assert.deepEqual(rowsOf(result), rows);
  result.picks.forEach((pick, at) => {
    assert.equal(pick.nearestLabelled!.item, `labelled row ${nearestLabelled.rows[at]}`);
    assert.ok(near(pick.nearestLabelled!.distance, nearestLabelled.distances[at]!));
    assert.equal(pick.nearestPick === undefined, at === 0);
  });
});

test("items of the pool's own file can be named as labelled, by id or by row", async () => {
  const names = expected.takingOutTheFirstTen;
  const byId = put("labelled.csv", `item\n${expected.ids.slice(0, 10).join("\n")}\n`);
  const result = await chosen("core-set", { embeddings: `${pool}#embedding`, "labelled-items": byId });
  assert.deepEqual(
    itemsOf(result),
    names.map((row) => expected.ids[row]),
  );
  assert.equal(result.items, 50);
  assert.ok(result.picks.every(({ nearestLabelled }) => expected.ids.indexOf(nearestLabelled!.item) < 10));
  const byRow = put("rows.txt", Array.from({ length: 10 }, (_, row) => `${row}\n`).join(""));
  const embeddings = `${fixture("pool.npz")}#embeddings`;
  assert.deepEqual(rowsOf(await chosen("core-set", { embeddings, "labelled-items": byRow })), names);
});

test("labelled items are left out of what is read piece by piece, too", async () => {
  const { rows } = expected.ranked.margin!;
  const byRow = put("first-picks.txt", rows.slice(0, 4).join("\n"));
  const typed = { probabilities: `${fixture("pool.npz")}#probabilities`, "labelled-items": byRow };
  const result = await chosen("margin", typed, { count: 6 });
  assert.deepEqual(rowsOf(result), rows.slice(4));
  assert.equal(result.items, 56);
});

test("ids, groups and costs are columns of the same file, and stand beside every pick", async () => {
  const { picks } = await chosen("margin", { probabilities: `${pool}#p*`, ids: "id", groups: "group", costs: "cost" });
  for (const { item, group, cost } of picks) {
    const row = expected.ids.indexOf(item);
    assert.deepEqual([group, cost], [String(expected.groups[row]), expected.costs[row]]);
  }
});

test("a budget is filled with the first picks that fit into it", async () => {
  const typed = { probabilities: `${pool}#p*`, costs: "cost" };
  const { picks } = await chosen("margin", typed, { budget: 30 });
  const all = (await chosen("margin", typed, { count: 60 })).picks;
  const spent = (count: number) => all.slice(0, count).reduce((sum, { cost }) => sum + cost!, 0);
  assert.deepEqual(
    picks.map(({ item }) => item),
    itemsOf({ items: 60, picks: all, partition: null }).slice(0, picks.length),
  );
  assert.ok(spent(picks.length) <= 30 && spent(picks.length + 1) > 30);
  assert.equal((await chosen("margin", typed, { budget: 1e6 })).picks.length, 60);
  await assert.rejects(chosen("margin", typed, { budget: 0.5 }), /--budget 0\.5: the first pick alone costs \d/);
  await assert.rejects(chosen("margin", { probabilities: `${pool}#p*` }, { budget: 9 }), /give --costs/);
});

test("scores of one column are what the strategy goes by, whatever they are called", async () => {
  const scores = put("scores.npy", encodeNpy({ rows: 4, columns: 1, values: Float32Array.of(0.1, 3, -2, 1) }));
  assert.deepEqual(rowsOf(await chosen("learned-loss", { scores }, { count: 3 })), [1, 3, 0]);
  const table = put("uncertainty.csv", "id,unsure,other\na,1,9\nb,2,8\n");
  assert.deepEqual(itemsOf(await chosen("entropy", { scores: `${table}#unsure` }, { count: 1 })), ["b"]);
});

test("gradients in two factors are given as two files: one of length 0 is never picked", async () => {
  const left = put("left.npy", encodeNpy({ rows: 3, columns: 2, values: Float32Array.of(1, 0, 0, 0, 0, 2) }));
  const right = put("right.npy", encodeNpy({ rows: 3, columns: 1, values: Float32Array.of(1, 1, 1) }));
  assert.deepEqual(rowsOf(await chosen("badge", { gradients: [left, right] }, { count: 2 })).sort(), [0, 2]);
});

test("what takes long can be stopped, and says how far it is", async () => {
  const inputs = inputsOf({ probabilities: `${pool}#p*` });
  const choice = {
    strategy: strategyNamed("margin"),
    seed: 0,
    count: 3,
    wholeGroups: false,
    budget: null,
    nearest: false,
    memoryBytes: null,
    partition: null,
    inputs,
  };
  const told: number[][] = [];
  const { signal: abort } = new AbortController();
  await choose(choice, { abort, onRows: (done, total) => told.push([done, total]) });
  assert.deepEqual(told.at(-1), [60, 60]);
  await assert.rejects(choose(choice, { abort: AbortSignal.abort() }), { name: "InterruptedError" });
});

test("random needs only to know how many items there are", async () => {
  const pickFrom = async (scores: string) => itemsOf(await chosen("random", { scores }, { count: 60 })).sort();
  assert.deepEqual(await pickFrom(pool), [...expected.ids].sort());
  assert.equal((await chosen("random", { embeddings: fixture("labelled.npy") }, { count: 2 })).items, 6);
});

test("the same seed breaks ties the same way, another seed otherwise", async () => {
  const scores = put("ties.npy", encodeNpy({ rows: 500, columns: 1, values: new Float32Array(500) }));
  const picks = async (seed: number) => rowsOf(await chosen("entropy", { scores }, { seed, count: 5 }));
  assert.deepEqual(await picks(1), await picks(1));
  assert.notDeepEqual(await picks(1), await picks(2));
});

const refused: readonly [string, string, TypedInputs, RegExp][] = [
  [
    "a signal that is missing",
    "margin",
    {},
    /"margin" goes by margin; give --scores FILE with a column margin, or --probabilities FILE, or --members FILE/,
  ],
  [
    "two that are missing",
    "badge",
    { probabilities: pool },
    /goes by gradient factors; give --gradients LEFT RIGHT, or .*--embeddings FILE/,
  ],
  [
    "a column that is missing",
    "entropy",
    { scores: put("no.csv", "item,entrpy\na,1\n") },
    /no\.csv: no column "entropy"; did you mean "entrpy"/,
  ],
  [
    "a file that is missing",
    "core-set",
    { embeddings: fixture("pol.npz") },
    /pol\.npz: no such file; did you mean ".*pool\.npz"/,
  ],
  [
    "more picks than items",
    "margin",
    { probabilities: put("two.csv", "a,b\n1,0\n0,1\n") },
    /two\.csv: --count 10, but there are 2 items/,
  ],
  [
    "ids that come twice",
    "random",
    { ids: put("twice.txt", "a\nb\na\n") },
    /twice\.txt: item "a" stands in row 0 and again in row 2/,
  ],
  [
    "fewer ids than items",
    "margin",
    { probabilities: `${pool}#p*`, ids: put("few.txt", "a\nb\n") },
    /pool\.parquet#id: 60 ids, but .*few\.txt has 2/,
  ],
  [
    "files in another order",
    "margin",
    {
      probabilities: `${pool}#p*`,
      embeddings: put("other.csv", `id,x\n${[...expected.ids].reverse().join(",1\n")},1\n`),
    },
    /row 0 is item "picture-\d\d\.jpg", but .* has "picture-\d\d\.jpg" there/,
  ],
  [
    "an id without a file",
    "margin",
    { probabilities: `${fixture("pool.npz")}#probabilities`, ids: "id" },
    /--ids: "id" is no file of arrays, and no table is given/,
  ],
  [
    "a labelled item in the pool",
    "core-set",
    { embeddings: `${pool}#embedding`, labelled: put("known.csv", `id,a,b,c,d\n${expected.ids[3]},1,2,3,4\n`) },
    /known\.csv#id: row 0, item "picture-21\.jpg", is also in the pool \(.*, row 3\)/,
  ],
  [
    "a labelled item that is nowhere",
    "core-set",
    { embeddings: `${pool}#embedding`, "labelled-items": put("unknown.txt", "nobody\n") },
    /unknown\.txt: item "nobody" is not in the pool/,
  ],
  [
    "labelled embeddings of another width",
    "core-set",
    { embeddings: `${pool}#embedding`, labelled: fixture("f4.npy") },
    /labelled items have 3 numbers per embedding, the pool has 4/,
  ],
  [
    "logits for probabilities",
    "entropy",
    { probabilities: `${pool}#embedding` },
    /pool\.parquet#embedding: row 0, column 3: a probability of -/,
  ],
  [
    "another number of rows",
    "badge",
    { probabilities: `${pool}#p*`, embeddings: fixture("labelled.npy") },
    /labelled\.npy: 6 rows, but .*pool\.parquet#id has 60 items/,
  ],
  [
    "several scores per item",
    "entropy",
    { scores: `${pool}#p*` },
    /pool\.parquet#p0,p1,p2: 3 numbers per item; one is needed/,
  ],
];
for (const [what, strategy, typed, message] of refused) {
  test(`${what}: refused, and said which`, async () => {
    await assert.rejects(async () => await chosen(strategy, typed), message);
  });
}

test("whole groups are counted and picked with all their items, the group of the best item first", async () => {
  const scores = [5, 1, 9, 8, 7, 2, 6];
  const pictures = ["a", "b", "c", "c", "b", "a", "d"];
  const rows = scores.map((score, i) => `${pictures[i]}#${i},${score},${pictures[i]}`);
  const table = put("persons.csv", `item,entropy,picture\n${rows.join("\n")}\n`);
  const typed = { scores: table, groups: "picture" };
  for (const [count, items] of [
    [1, ["c#2", "c#3"]],
    [2, ["c#2", "c#3", "b#4", "b#1"]],
    [4, ["c#2", "c#3", "b#4", "b#1", "d#6", "a#0", "a#5"]],
  ] as const) {
    assert.deepEqual(itemsOf(await chosen("entropy", typed, { count, wholeGroups: true })), items);
  }
  await assert.rejects(chosen("entropy", typed, { count: 5, wholeGroups: true }), /--count 5, but there are 4 groups/);
  await assert.rejects(chosen("entropy", { scores: table }, { count: 1, wholeGroups: true }), /give --groups/);
});
