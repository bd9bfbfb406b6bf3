// Runs whose first batch a strategy chooses, and how far the models of successive cycles agree.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { CycleLine } from "../../records/cycle-line.ts";
import { openCycleLog } from "./cycle-log.ts";
import type { RunEvent } from "./events.ts";
import { fakeLearners, fakeRecipe, withoutTimes } from "./testing/fake-run.ts";
import { inFolder, runIn } from "./testing/run-in.ts";

const labelling = { initial: 6, perCycle: 4, cycles: 3 };
const clustered = fakeRecipe({ labelling: { ...labelling, initialStrategy: "k-means" } });

async function linesIn(folder: string): Promise<readonly CycleLine[]> {
  const log = await openCycleLog(join(folder, "cycles.jsonl"));
  await log.close();
  return log.lines;
}

const initialOf = (lines: readonly CycleLine[], seed: number) =>
  lines.filter((line) => line.seed === seed && line.cycle === 0).map(({ initial }) => initial);

test("all arms of a seed begin with the same items, chosen once before any training; other seeds with others", () =>
  inFolder(async (folder) => {
    const asked: string[] = [];
    const before = (what: string, { seed }: { seed: number }, cycle: number) => {
      if (what === "infer" && cycle === -1) asked.push(`seed ${seed}`);
    };
    await runIn(folder, { createLearner: fakeLearners({ before }), jobs: 3 }, clustered);
    assert.deepEqual(asked.sort(), ["seed 0", "seed 1"]);
    const lines = await linesIn(folder);
    const [first, ...others] = initialOf(lines, 0);
    assert.equal(new Set(first).size, 6);
    assert.deepEqual(others, [first, first]);
    assert.notDeepEqual(initialOf(lines, 1)[0], first);
    const random = await inFolder(async (other) => {
      await runIn(other, {}, fakeRecipe({ labelling }));
      return initialOf(await linesIn(other), 0)[0];
    });
    assert.notDeepEqual(first, random);
  }));

test("while the first items are chosen it is told how many were looked at, once per seed, and counts as part of the run", () =>
  inFolder(async (folder) => {
    const events: RunEvent[] = [];
    await runIn(folder, { onEvent: (event) => events.push(event) }, clustered);
    const drawn = events.filter(({ kind }) => kind === "draw");
    assert.deepEqual(
      drawn.map(({ seed, done, total }) => [seed, done, total]),
      [0, 1].flatMap((seed) => [
        [seed, 0, 60],
        [seed, 60, 60],
      ]),
    );
    assert.ok(drawn[1]!.overall.share > drawn[0]!.overall.share);
    assert.ok(drawn.every(({ overall }) => overall.secondsLeft === null));
    assert.equal(events.at(-1)!.overall.share, 1);
  }));

test("arms that are carried out later begin with the same items as those before", async () => {
  const whole = await inFolder(async (folder) => withoutTimes(await runIn(folder, {}, clustered)));
  await inFolder(async (folder) => {
    await runIn(folder, { armNames: ["warm"] }, clustered);
    await runIn(folder, { armNames: ["entropy"], seeds: [1] }, clustered);
    assert.deepEqual(withoutTimes(await runIn(folder, {}, clustered)), whole);
  });
});

test("a run that names random begins as one that names nothing", async () => {
  const results = await Promise.all(
    [labelling, { ...labelling, initialStrategy: "random" }].map((one) =>
      inFolder(async (folder) => withoutTimes(await runIn(folder, {}, fakeRecipe({ labelling: one })))),
    ),
  );
  assert.deepEqual(results[0], results[1]);
});

test("from the second cycle on a cycle says how far its model and the one before agree, and how unsure it is of the pool", () =>
  inFolder(async (folder) => {
    const { arms, comparison } = await runIn(folder);
    for (const { cycles } of arms.flatMap(({ seeds }) => seeds)) {
      assert.equal(cycles[0]!.agreement, undefined);
      assert.ok(cycles.slice(1).every(({ agreement }) => agreement! >= -1 && agreement! < 1));
      assert.deepEqual(
        cycles.map(({ poolEntropy }) => poolEntropy?.items),
        [30, 30, undefined],
      );
    }
    assert.ok(comparison.arms.every(({ stopping }) => stopping.agreement !== null && stopping.poolEntropy !== null));
  }));

test("a cycle whose model before was deleted goes without the agreement", () =>
  inFolder(async (folder) => {
    const before = (what: string, _spec: unknown, cycle: number) => {
      if (what === "fit" && cycle === 2) throw new Error("stopped");
    };
    const recipe = fakeRecipe({ seeds: [0], arms: [{ name: "random", strategy: "random" }] });
    await assert.rejects(runIn(folder, { createLearner: fakeLearners({ before }) }, recipe));
    await rm(join(folder, "checkpoints"), { recursive: true });
    const { cycles } = (await runIn(folder, {}, recipe)).arms[0]!.seeds[0]!;
    assert.deepEqual(
      cycles.map(({ agreement }) => agreement === undefined),
      [true, false, true],
    );
  }));
