// Order, number and failures of pieces of work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ForelossError, InterruptedError } from "../../core/errors.ts";
import { runTasks, type Task } from "./tasks.ts";

function task(name: string, run: Task["run"], after?: Task): Task {
  return { name, run, after };
}

test("tasks go in their order, and at most as many at a time as there are jobs", async () => {
  for (const jobs of [1, 2, 5]) {
    const begun: string[] = [];
    let [running, most] = [0, 0];
    const wait = (name: string) =>
      task(name, async () => {
        begun.push(name);
        most = Math.max(most, ++running);
        await sleep(1);
        running--;
      });
    assert.deepEqual(await runTasks(["a", "b", "c", "d"].map(wait), jobs), []);
    assert.deepEqual(begun, ["a", "b", "c", "d"]);
    assert.equal(most, Math.min(jobs, 4));
  }
});

test("a task waits for the one it needs while others go ahead", async () => {
  const done: string[] = [];
  const first = task("first", () => sleep(5).then(() => void done.push("first")));
  const second = task("second", async () => void done.push("second"), first);
  const other = task("other", async () => void done.push("other"));
  await runTasks([first, second, other], 2);
  assert.deepEqual(done, ["other", "first", "second"]);
});

test("a failure takes along what waits for it, however far, and nothing else", async () => {
  const done: string[] = [];
  const first = task("first", () => Promise.reject(new ForelossError("no")));
  const second = task("second", async () => void done.push("second"), first);
  const third = task("third", async () => void done.push("third"), second);
  const other = task("other", async () => void done.push("other"));
  const failures = await runTasks([first, second, third, other], 2);
  assert.deepEqual(
    failures.map(({ task, error }) => [task.name, error.message]),
    [["first", "no"]],
  );
  assert.deepEqual(done, ["other"]);
});

test("a bug stops everything, and is thrown when what was running has ended", async () => {
  const ended: string[] = [];
  const patient = task("patient", async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    ended.push("patient");
    throw new InterruptedError("stopped");
  });
  const bug = task("bug", () => Promise.reject(new TypeError("undefined is not a function")));
  const never = task("never", async () => void ended.push("never"));
  await assert.rejects(runTasks([patient, bug, never], 2), TypeError);
  assert.deepEqual(ended, ["patient"]);
});

test("an abort tells the running tasks and begins no other", async () => {
  const stop = new AbortController();
  const begun: string[] = [];
  const tasks = ["a", "b"].map((name) =>
    task(name, async (signal) => {
      begun.push(name);
      stop.abort();
      if (signal.aborted) throw new InterruptedError("stopped");
    }),
  );
  await assert.rejects(runTasks(tasks, 1, stop.signal), InterruptedError);
  assert.deepEqual(begun, ["a"]);
});
