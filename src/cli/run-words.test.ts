// What is told of a run while it goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../experiments/run/events.ts";
import type { CycleRecord } from "../records/results.ts";
import { tellEvent } from "./run-words.ts";

const fit: RunEvent = {
  ...{ kind: "fit", arm: "bald", seed: 0, cycle: 1, cycles: 4, members: 1, done: 7, total: 30 },
  overall: { share: 0.5, secondsLeft: null },
};

/** What the bar says, and the lines that stay. */
function told(event: RunEvent): { doing: string; notes: string[] } {
  const found = { doing: "", notes: [] as string[] };
  tellEvent(event, {
    update: (_share, _secondsLeft, doing) => {
      found.doing = doing;
    },
    note: (line) => void found.notes.push(line),
    stop: () => undefined,
  });
  return found;
}

test("a training says its step, and that of an ensemble which member it is at", () => {
  assert.equal(told(fit).doing, "bald, seed 0, cycle 2 of 4: step 7 of 30");
  const member = (done: number) => told({ ...fit, members: 3, done }).doing.split(": ")[1];
  assert.deepEqual([0, 7, 10, 11, 30].map(member), [
    "member 1 of 3, step 0 of 10",
    "member 1 of 3, step 7 of 10",
    "member 1 of 3, step 10 of 10",
    "member 2 of 3, step 1 of 10",
    "member 3 of 3, step 10 of 10",
  ]);
});

test("choosing and scoring say how many items were looked at, once that is counted", () => {
  const items = { done: 200, total: 5000 };
  assert.equal(told({ ...fit, kind: "draw", ...items }).doing, "seed 0: choosing the first items, item 200 of 5000");
  assert.equal(
    told({ ...fit, kind: "pick", ...items }).doing,
    "bald, seed 0, cycle 2 of 4: scoring the pool, item 200 of 5000",
  );
  assert.match(told({ ...fit, kind: "pick", done: null, total: null }).doing, /: scoring the pool$/);
});

test("a finished cycle of an ensemble tells both what its first member reaches and what all do", () => {
  const record: CycleRecord = {
    ...{ cycle: 0, labels: 20, metric: 0.612, trainMetric: 1, testLoss: 1, rankingAccuracy: null },
    ...{ rankCorrelation: null, lossSample: [], steps: 10, trainSeconds: 3, scoreSeconds: 1, picks: [] },
  };
  const note = (one: CycleRecord) => told({ ...fit, kind: "cycle", records: [one] }).notes.join();
  assert.match(note({ ...record, ensembleMetric: 0.65 }), /20 labels, test 61\.2 %, ensemble 65\.0 %, train 100/);
  assert.match(note(record), /test 61\.2 %, train/);
});
