// Progress where there is no terminal, and the time left.
import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { createProgress, duration } from "./progress.ts";

function recorder(): { stream: NodeJS.WriteStream; lines: string[] } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).trimEnd().split("\n"));
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, lines };
}

test("without a terminal at most one line in five seconds is written", () => {
  const { stream, lines } = recorder();
  let now = 0;
  const progress = createProgress(stream, () => now);
  for (let step = 0; step <= 100; step++) {
    progress.update(step / 100, step < 50 ? null : (100 - step) * 2, "training");
    now += 0.5;
  }
  progress.stop();
  assert.equal(lines.length, 10);
  assert.equal(lines[0], "10 % · time left unknown · training");
  assert.equal(lines[8], "90 % · 20 s left · training");
});

test("a finished step is told at once", () => {
  const { stream, lines } = recorder();
  const progress = createProgress(stream, () => 0);
  progress.note("random, seed 0, cycle 1: 0.61");
  assert.deepEqual(lines, ["random, seed 0, cycle 1: 0.61"]);
});

test("durations are written in the two largest units", () => {
  assert.deepEqual([0.4, 59.4, 60, 200, 3600, 7530].map(duration), [
    "0 s",
    "59 s",
    "1 min",
    "3 min 20 s",
    "1 h",
    "2 h 5 min",
  ]);
});
