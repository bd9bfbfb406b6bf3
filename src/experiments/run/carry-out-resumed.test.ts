// Runs that were stopped, killed or damaged, and runs in a folder that is not theirs.
import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ForelossError, InterruptedError } from "../../core/errors.ts";
import type { Recipe } from "../../records/recipe.ts";
import type { Results } from "../../records/results.ts";
import type { RunEvent } from "./events.ts";
import { fakeDataset, fakeLearners, fakeRecipe, withoutTimes } from "./testing/fake-run.ts";
import { type Changes, inFolder, readJson, runIn, uninterrupted } from "./testing/run-in.ts";

class Crash extends Error {}

test("a run that stops at any thing its learners do goes on and ends with the same picks and figures", async () => {
  const recipe = fakeRecipe({ seeds: [0] });
  /** Counts what the learners do, and stops at one of these things. */
  const counted = (stopAt?: number) => {
    let count = 0;
    const before = () => {
      if (++count === stopAt) throw new Crash("stopped");
    };
    return { createLearner: fakeLearners({ before }), count: () => count };
  };
  const whole = counted();
  const expected = await inFolder(async (folder) => withoutTimes(await runIn(folder, whole, recipe)));
  assert.ok(whole.count() > 20);
  const resumed = async (stopAt: number) =>
    inFolder(async (folder) => {
      await assert.rejects(runIn(folder, counted(stopAt), recipe), { message: /stopped$/ });
      assert.deepEqual(withoutTimes(await runIn(folder, {}, recipe)), expected, `stopped at ${stopAt}`);
    });
  await Promise.all(Array.from({ length: whole.count() }, (_, i) => resumed(i + 1)));
});

test("a finished training is not carried out again when its scoring was interrupted", () =>
  inFolder(async (folder) => {
    const recipe = fakeRecipe({ seeds: [0], arms: [{ name: "entropy", strategy: "entropy" }] });
    const crash = (what: string, _spec: unknown, cycle: number) => {
      if (what === "infer" && cycle === 1) throw new Crash("stopped");
    };
    await assert.rejects(runIn(folder, { createLearner: fakeLearners({ before: crash }) }, recipe));
    const done: string[] = [];
    const before = (what: string, _spec: unknown, cycle: number) => done.push(`${what} ${cycle}`);
    await runIn(folder, { createLearner: fakeLearners({ before }) }, recipe);
    assert.deepEqual(
      done.filter((what) => what.startsWith("fit")),
      ["fit 2"],
    );
  }));

test("a run that is finished is given again without making a learner", () =>
  inFolder(async (folder) => {
    const first = await runIn(folder);
    const createLearner = () => assert.fail("a learner was made");
    assert.deepEqual(await runIn(folder, { createLearner, command: "again" }), first);
  }));

test("an abort stops soon, keeps what is finished, and the run goes on from there", () =>
  inFolder(async (folder) => {
    const stop = new AbortController();
    const onEvent = ({ kind }: RunEvent) => {
      if (kind === "cycle") stop.abort();
    };
    await assert.rejects(runIn(folder, { signal: stop.signal, onEvent }), (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /stopped; 1 finished cycle is kept/);
      assert.match(error.hint ?? "", /same command/);
      return true;
    });
    const results = (await readJson(join(folder, "results.json"))) as Results;
    assert.deepEqual(
      results.arms.map(({ seeds }) => seeds.map(({ cycles }) => cycles.length)),
      [[1]],
    );
    assert.deepEqual(withoutTimes(await runIn(folder)), await uninterrupted);
    const { sessions } = (await readJson(join(folder, "manifest.json"))) as { sessions: { outcome: string }[] };
    assert.deepEqual(
      sessions.map(({ outcome }) => outcome),
      ["interrupted", "finished"],
    );
  }));

test("the results are handed on whatever way a run ends: interrupted, failed, finished, and when there is nothing to do", () =>
  inFolder(async (folder) => {
    const cyclesSeen: number[] = [];
    const onResults = async ({ arms }: Results) => {
      await stat(join(folder, "run.lock"));
      cyclesSeen.push(arms.flatMap(({ seeds }) => seeds.flatMap(({ cycles }) => cycles)).length);
    };
    const stop = new AbortController();
    const onEvent = ({ kind }: RunEvent) => {
      if (kind === "cycle") stop.abort();
    };
    await assert.rejects(runIn(folder, { signal: stop.signal, onEvent, onResults }), InterruptedError);
    const before = (what: string, spec: { arm: { name: string } }, cycle: number) => {
      if (what === "fit" && cycle === 1 && spec.arm.name === "warm") throw new ForelossError("no");
    };
    await assert.rejects(runIn(folder, { createLearner: fakeLearners({ before }), onResults }), ForelossError);
    await runIn(folder, { onResults });
    await runIn(folder, { onResults });
    assert.deepEqual(cyclesSeen, [1, 14, 18, 18]);
  }));

test("a run that was aborted before it began trains nothing", () =>
  inFolder(async (folder) => {
    const createLearner = () => assert.fail("a learner was made");
    await assert.rejects(runIn(folder, { signal: AbortSignal.abort(), createLearner }), InterruptedError);
  }));

test("a line that a kill tore is dropped and its cycle finished again", async () => {
  for (const cut of [1, 2, 40]) {
    await inFolder(async (folder) => {
      await runIn(folder);
      const path = join(folder, "cycles.jsonl");
      await truncate(path, (await stat(path)).size - cut);
      assert.deepEqual(withoutTimes(await runIn(folder)), await uninterrupted, `${cut} bytes cut`);
    });
  }
  await inFolder(async (folder) => {
    await runIn(folder);
    await appendFile(join(folder, "cycles.jsonl"), "\0\0\0\n");
    assert.deepEqual(withoutTimes(await runIn(folder)), await uninterrupted);
  });
});

test("damage before the last line is told with its line and nothing is changed", () =>
  inFolder(async (folder) => {
    await runIn(folder);
    const path = join(folder, "cycles.jsonl");
    const lines = (await readFile(path, "utf8")).split("\n");
    const damage = async (damaged: readonly string[], message: RegExp) => {
      await writeFile(path, damaged.join("\n"));
      await assert.rejects(runIn(folder), { name: "ForelossError", message });
      assert.equal(await readFile(path, "utf8"), damaged.join("\n"));
    };
    await damage(lines.with(1, "{"), /cycles\.jsonl:2: it cannot be read/);
    await damage(lines.toSpliced(1, 1), /cycles\.jsonl:2: cycle 2 of random, seed 0, stands where 1 belongs/);
  }));

test("another recipe, data set or engine in the same folder is refused with what differs and the way out", () =>
  inFolder(async (folder) => {
    await runIn(folder);
    const refused = async (message: RegExp, changes: Changes, recipe?: Recipe) =>
      assert.rejects(runIn(folder, changes, recipe), (error) => {
        assert.ok(error instanceof ForelossError);
        assert.match(error.message, message);
        assert.match(error.hint ?? "", /--out.*--fresh/);
        return true;
      });
    const longer = fakeRecipe({ training: { steps: 11 }, seeds: [0, 1, 2] });
    await refused(/recipe\.training\.steps: 10 there, 11 now; recipe\.seeds\.2: nothing there, 2 now$/, {}, longer);
    await refused(/dataset\.digest: "d1" there, "d2" now$/, { dataset: { ...fakeDataset, digest: "d2" } });
    await refused(/engine\.threads: 1 there, 2 now$/, { engine: { name: "fake", version: "1", threads: 2 } });
    assert.deepEqual(withoutTimes(await runIn(folder)), await uninterrupted);
  }));

test("a fresh run replaces the one that is there", () =>
  inFolder(async (folder) => {
    await runIn(folder, {}, fakeRecipe({ training: { steps: 11 } }));
    assert.deepEqual(withoutTimes(await runIn(folder, { fresh: true })), await uninterrupted);
  }));

test("a folder that holds other things is left alone, fresh or not", () =>
  inFolder(async (folder) => {
    const parent = join(folder, "..");
    await writeFile(join(parent, "holiday.jpg"), "");
    for (const fresh of [false, true]) {
      await assert.rejects(runIn(parent, { fresh }), { message: /is not the folder of a run: it has "holiday\.jpg"/ });
    }
    await assert.rejects(runIn(join(parent, "holiday.jpg")), { message: /is a file; give a folder/ });
    assert.deepEqual(await readdir(parent), ["holiday.jpg"]);
  }));

test("a second run in a folder is refused while the first works, whoever starts it", () =>
  inFolder(async (folder) => {
    let first: Promise<Results> | undefined;
    await new Promise<void>((resolve) => {
      first = runIn(folder, { createLearner: fakeLearners({ delayMs: 5 }), onEvent: () => resolve() });
    });
    await assert.rejects(runIn(folder), { message: new RegExp(`process ${process.pid} works on this run`) });
    assert.deepEqual(withoutTimes((await first)!), await uninterrupted);
  }));

test("a warm start whose last checkpoint is gone is refused, a cold start goes on", () =>
  inFolder(async (folder) => {
    const stop = async (name: string) => {
      const abort = new AbortController();
      const onEvent = ({ kind, cycle }: RunEvent) => kind === "cycle" && cycle === 1 && abort.abort();
      const run = runIn(folder, { armNames: [name], seeds: [0], signal: abort.signal, onEvent });
      await assert.rejects(run, InterruptedError);
    };
    await stop("warm");
    await stop("entropy");
    await rm(join(folder, "checkpoints"), { recursive: true });
    await assert.rejects(runIn(folder), { message: /cycle-1: the checkpoint is missing, and cycle 2 starts from it/ });
    const { arms } = (await readJson(join(folder, "results.json"))) as Results;
    assert.deepEqual(
      arms.find(({ name }) => name === "entropy")!.seeds.map(({ cycles }) => cycles.length),
      [3, 3],
    );
  }));
