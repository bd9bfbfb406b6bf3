import assert from "node:assert/strict";
import { test } from "node:test";
import { type Contender, peersOf, type Report, type Row } from "../bench/row.ts";
import { resultDifference, runRow } from "../bench/run-row.ts";
import { resultLines } from "../bench/table.ts";

const contender = (name: string): Contender => ({ name, script: "", options: [] });
const ours = contender("ours");
const slow = contender("slow peer");
const fast = contender("fast peer");
const row: Row = {
  name: "row",
  work: "work",
  inputs: { script: "", options: [] },
  picturesPerCall: 10,
  environment: {},
  tolerance: 1e-3,
  ours,
  targets: [
    { against: "everybody", peers: [slow, fast], leastSpeed: 0.6, mostMemory: 1.5 },
    { against: "the slow", peers: [slow], leastSpeed: 2, mostMemory: 1.5 },
  ],
};

function report(seconds: readonly number[], peakMemoryBytes: number, loss = 2): Report {
  return { result: { loss: [loss] }, seconds, peakMemoryBytes, engine: "engine 1" };
}

test("contenders run forwards and backwards in turn, and ours is held against the fastest peer of each target", async () => {
  const order: string[] = [];
  const reports = new Map([
    [ours, report([1, 2, 9], 100)],
    [slow, report([4, 4, 4], 50)],
    [fast, report([1, 1, 1], 80)],
  ]);
  const run = async (which: Contender) => {
    order.push(which.name);
    return reports.get(which)!;
  };
  const result = await runRow(row, [slow, fast], 2, run, () => {});
  assert.deepEqual(order, ["ours", "slow peer", "fast peer", "fast peer", "slow peer", "ours"]);
  assert.equal(result.ours.picturesPerSecond, 5);
  const [everybody, theSlow] = result.comparisons;
  assert.equal(everybody!.peer, "fast peer");
  assert.deepEqual(everybody!.speed, { value: 0.5, target: "at least 0.6", met: false });
  assert.deepEqual(everybody!.memory, { value: 1.25, target: "below 1.5", met: true });
  assert.equal(theSlow!.peer, "slow peer");
  assert.deepEqual(theSlow!.speed, { value: 2, target: "at least 2", met: true });
});

test("the table says what is counted: pictures, or items where a row chooses", async () => {
  const told = async (changes: Partial<Row>) => {
    const result = await runRow(
      { ...row, ...changes },
      [],
      1,
      async () => report([2], 1),
      () => {},
    );
    return resultLines(result).join("\n");
  };
  assert.match(await told({}), /ours +5\.0 pictures\/s/);
  assert.match(await told({ counts: "items" }), /ours +5\.0 items\/s/);
});

test("a median over an even number of rounds lies between the middle two", async () => {
  const speeds = [1, 2, 4, 8];
  const result = await runRow(
    row,
    [],
    4,
    async () => report([10 / speeds.shift()!], 1),
    () => {},
  );
  assert.equal(result.ours.picturesPerSecond, 3);
  assert.deepEqual(result.comparisons, []);
});

test("a row whose results differ stops in the first round, whatever the times", async () => {
  let runs = 0;
  const run = async (which: Contender) => {
    runs++;
    return report([1], 1, which === fast ? 2.003 : 2);
  };
  await assert.rejects(
    runRow(row, [slow, fast], 5, run, () => {}),
    { name: "ForelossError", message: /^row: ours and fast peer differ by 0\.0015/ },
  );
  assert.equal(runs, 3);
});

test("a row allows the difference it states", async () => {
  const run = async (which: Contender) => report([1], 1, which === fast ? 2.003 : 2);
  const result = await runRow({ ...row, tolerance: 0.01 }, peersOf(row), 1, run, () => {});
  assert.ok(result.resultDifference > 1e-3);
});

test("a peer that may fail is skipped with the reason and measured against no more; another's failure ends the row", async () => {
  const compiled = { ...fast, mayFail: true };
  const targets = [
    { ...row.targets[0]!, peers: [compiled] },
    { ...row.targets[1]!, peers: [compiled, slow] },
  ];
  let starts = 0;
  const run = async (which: Contender) => {
    if (which.name === fast.name) {
      starts++;
      throw new Error("no compiler");
    }
    return report([1], 1);
  };
  const result = await runRow({ ...row, targets }, [compiled, slow], 3, run, () => {});
  assert.equal(starts, 1);
  assert.deepEqual(result.skipped, [{ name: "fast peer", reason: "no compiler" }]);
  assert.deepEqual(
    result.comparisons.map(({ against, peer }) => [against, peer]),
    [["the slow", "slow peer"]],
  );
  await assert.rejects(
    runRow(row, [fast, slow], 1, run, () => {}),
    /no compiler/,
  );
});

test("the peers of a row are those of its targets, each once", () => {
  assert.deepEqual(peersOf(row), [slow, fast]);
});

test("results of other names, other lengths or numbers that are not finite never agree", () => {
  assert.equal(resultDifference({ a: [1, -4] }, { a: [1, -4] }), 0);
  assert.equal(resultDifference({ a: [1, -3] }, { a: [1, -4] }), 0.25);
  assert.equal(resultDifference({ a: [1], b: [1] }, { a: [1] }), Number.POSITIVE_INFINITY);
  assert.equal(resultDifference({ a: [1, 2] }, { a: [1] }), Number.POSITIVE_INFINITY);
  assert.equal(resultDifference({ a: [Number.NaN] }, { a: [1] }), Number.POSITIVE_INFINITY);
  assert.equal(resultDifference({ a: [1] }, { a: [0] }), Number.POSITIVE_INFINITY);
});
