// Calls into a worker thread: what comes back, progress, aborts, errors, and what happens when the worker dies.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Worker } from "node:worker_threads";
import { ForelossError, InterruptedError, UsageError } from "../core/errors.ts";
import { type Caller, callerOf } from "./rpc.ts";

let worker: Worker;
let caller: Caller;
beforeEach(() => {
  worker = new Worker(new URL("./testing/served.ts", import.meta.url));
  caller = callerOf(worker);
});
afterEach(() => worker.terminate());

test("a call gives what the method gives, and leaves what was sent as it was", async () => {
  const sent = Float32Array.of(1, 2.5);
  assert.deepEqual(await caller.call("twice", [sent]), Float32Array.of(2, 5));
  assert.deepEqual(sent, Float32Array.of(1, 2.5));
});

test("calls under way at one time get each their own answer, whichever ends first", async () => {
  const order: number[] = [];
  const calls = [20, 5, 0].map(async (turns, i) => {
    const answer = await caller.call<number>("later", [i, turns]);
    order.push(answer);
    return answer;
  });
  assert.deepEqual(await Promise.all(calls), [0, 1, 2]);
  assert.deepEqual(order, [2, 1, 0]);
});

test("progress comes back while a call runs, and its end is always told", async () => {
  const seen: (readonly [number, number])[] = [];
  await caller.call("count", [5000], { onProgress: (done, total) => seen.push([done, total]) });
  assert.deepEqual(seen[0], [1, 5000]);
  assert.deepEqual(seen.at(-1), [5000, 5000]);
  assert.ok(seen.length < 5000, "not every single step crosses");
});

test("an abort reaches the call it belongs to, also when it came first, and no other", async () => {
  const stop = new AbortController();
  const running = caller.call("untilAborted", [], { signal: stop.signal });
  const other = caller.call("later", ["whole", 50]);
  stop.abort();
  const isInterruption = (error: Error) =>
    error instanceof InterruptedError && error.message === "stopped in the worker";
  await assert.rejects(running, isInterruption);
  await assert.rejects(caller.call("untilAborted", [], { signal: stop.signal }), isInterruption);
  assert.equal(await other, "whole");
});

test("an error a user can act on arrives as what it was, with its hint; a bug as a plain error with its stack", async () => {
  await assert.rejects(caller.call("refuse", ["failed"]), (error: ForelossError) => {
    assert.equal(error.constructor, ForelossError);
    assert.deepEqual([error.message, error.hint], ["labels.csv: no such class", "look at line 3"]);
    return true;
  });
  await assert.rejects(caller.call("refuse", ["misused"]), UsageError);
  await assert.rejects(caller.call("refuse", ["bug"]), (error: Error) => {
    assert.ok(!(error instanceof ForelossError));
    assert.match(error.stack ?? "", /TypeError: a bug\n\s+at .*served\.ts/);
    return true;
  });
});

test("a method that is not served is named, and the worker goes on", async () => {
  await assert.rejects(caller.call("twce", []), /no method "twce"/);
  assert.equal(await caller.call("later", [1, 0]), 1);
});

test("calls under way fail when the worker dies, and so do later ones", async () => {
  const waiting = caller.call("untilAborted", []);
  const dying = caller.call("die", []);
  const died = /worker ended with exit code 3/;
  await Promise.all([assert.rejects(waiting, died), assert.rejects(dying, died)]);
  await assert.rejects(caller.call("twice", [Float32Array.of(1)]), died);
});
