// Whole runs with a fake learner: what they leave, however they are cut up, and what they say when an arm fails.
import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ForelossError, UsageError } from "../../core/errors.ts";
import type { Results } from "../../records/results.ts";
import type { RunEvent } from "./events.ts";
import { fakeLearners, fakeRecipe, withoutTimes } from "./testing/fake-run.ts";
import { filesIn, inFolder, readJson, runIn, uninterrupted } from "./testing/run-in.ts";

test("a run leaves its records, its results and the last checkpoint of every arm and seed, and nothing else", () =>
  inFolder(async (folder) => {
    const results = await runIn(folder);
    assert.deepEqual(await readJson(join(folder, "results.json")), results);
    const checkpoints = ["entropy-0", "entropy-1", "random-0", "random-1", "warm-0", "warm-1"].flatMap((chain) =>
      ["", "/cycle-2", "/cycle-2/decisions.json", "/cycle-2/fit-report.json", "/cycle-2/weights.json"].map(
        (part) => `checkpoints/${chain}${part}`,
      ),
    );
    assert.deepEqual(
      await filesIn(folder),
      ["checkpoints", ...checkpoints, "cycles.jsonl", "manifest.json", "results.json"].sort(),
    );
  }));

test("results say for every arm, seed and cycle how many labels there were and what was picked next", () =>
  inFolder(async (folder) => {
    const { arms, provenance } = await runIn(folder);
    assert.deepEqual(
      arms.map(({ name, lossPrediction, start }) => [name, lossPrediction, start]),
      [
        ["random", "none", "cold"],
        ["entropy", "none", "cold"],
        ["warm", "ranking", "warm"],
      ],
    );
    for (const { seeds } of arms) {
      assert.deepEqual(
        seeds.map(({ seed }) => seed),
        [0, 1],
      );
      for (const { cycles } of seeds) {
        assert.deepEqual(
          cycles.map(({ labels, picks }) => [labels, picks.length]),
          [
            [6, 4],
            [10, 4],
            [14, 0],
          ],
        );
      }
    }
    const pick = arms[2]!.seeds[0]!.cycles[0]!.picks[0]!;
    assert.deepEqual(Object.keys(pick.signals), ["predictedLoss", "entropy"]);
    assert.ok(pick.mode === "easy" || pick.mode === "hard");
    assert.notEqual(provenance.finished, null);
  }));

test("the number of jobs does not change the outcome", async () => {
  for (const jobs of [2, 3, 20]) {
    await inFolder(async (folder) => {
      const createLearner = fakeLearners({ delayMs: 5 });
      assert.deepEqual(withoutTimes(await runIn(folder, { jobs, createLearner })), await uninterrupted, `${jobs} jobs`);
    });
  }
});

test("arms and seeds carried out in portions, in any order, add up to the whole run", () =>
  inFolder(async (folder) => {
    const part = await runIn(folder, { armNames: ["warm", "entropy"], seeds: [1], command: "part" });
    assert.deepEqual(
      part.arms.map(({ name, seeds }) => [name, seeds.length]),
      [
        ["entropy", 1],
        ["warm", 1],
      ],
    );
    assert.equal(part.provenance.finished, null);
    await runIn(folder, { seeds: [0], command: "rest" });
    const all = await runIn(folder, { armNames: ["random"] });
    assert.deepEqual(withoutTimes(all), await uninterrupted);
    assert.equal(all.provenance.command, "part; rest; foreloss run fake");
    assert.deepEqual(
      (await filesIn(folder)).filter((path) => path.includes("first-cycle")),
      [],
    );
  }));

test("an arm or seed the recipe does not have is wrong use", () =>
  inFolder(async (folder) => {
    await assert.rejects(runIn(folder, { armNames: ["randon"] }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /no arm "randon"; did you mean "random"\?/);
      return true;
    });
    await assert.rejects(runIn(folder, { seeds: [7] }), { message: /no seed 7; allowed: 0, 1/ });
    await assert.rejects(stat(folder));
  }));

test("arms that are trained alike share the training of their first cycle, figures and seconds included", () =>
  inFolder(async (folder) => {
    const trainings: string[] = [];
    const before = (what: string, { arm, seed }: { arm: { name: string }; seed: number }, cycle: number) => {
      if (what === "fit") trainings.push(`${arm.name} ${seed} ${cycle}`);
    };
    const { arms } = await runIn(folder, { createLearner: fakeLearners({ before }) });
    assert.equal(trainings.length, 2 * (1 + 2 + 2 + 3));
    const [random, entropy, warm] = arms.map(({ seeds }) => seeds[1]!.cycles[0]!);
    assert.equal(random!.trainSeconds, entropy!.trainSeconds);
    assert.equal(random!.metric, entropy!.metric);
    assert.notEqual(random!.trainSeconds, warm!.trainSeconds);
    assert.notDeepEqual(random!.picks, entropy!.picks);
    const { sharedFirstCycles } = (await readJson(join(folder, "manifest.json"))) as { sharedFirstCycles: unknown };
    assert.deepEqual(sharedFirstCycles, [["random", "entropy"]]);
  }));

test("at most two checkpoints of an arm and seed are kept while it works", () =>
  inFolder(async (folder) => {
    const recipe = fakeRecipe({ labelling: { initial: 6, perCycle: 4, cycles: 6 }, seeds: [0] });
    let most = 0;
    const onEvent = async () => {
      const names = await readdir(join(folder, "checkpoints", "warm-0")).catch(() => []);
      most = Math.max(most, names.filter((name) => name.startsWith("cycle-")).length);
    };
    const seen: Promise<void>[] = [];
    await runIn(folder, { onEvent: () => void seen.push(onEvent()) }, recipe);
    await Promise.all(seen);
    assert.equal(most, 2);
  }));

test("an arm that fails is told with its cycle, the others are finished, and the run fails", () =>
  inFolder(async (folder) => {
    const events: RunEvent[] = [];
    const before = (what: string, { arm, seed }: { arm: { name: string }; seed: number }, cycle: number) => {
      if (what === "fit" && arm.name === "warm" && seed === 0 && cycle === 1)
        throw new ForelossError("the loss is NaN at step 7", { hint: "lower the learning rate" });
    };
    const run = runIn(folder, { createLearner: fakeLearners({ before }), onEvent: (event) => events.push(event) });
    await assert.rejects(run, (error) => {
      assert.ok(error instanceof ForelossError);
      assert.match(error.message, /\nwarm, seed 0: cycle 1, fit: the loss is NaN at step 7$/);
      assert.equal(error.hint, "lower the learning rate");
      return true;
    });
    const failed = events.filter(({ kind }) => kind === "failed");
    assert.deepEqual(
      failed.map(({ arm, seed, cycle }) => [arm, seed, cycle]),
      [["warm", 0, 1]],
    );
    const { arms } = (await readJson(join(folder, "results.json"))) as Results;
    assert.deepEqual(
      arms.map(({ seeds }) => seeds.map(({ cycles }) => cycles.length)),
      [
        [3, 3],
        [3, 3],
        [1, 3],
      ],
    );
    assert.deepEqual(withoutTimes(await runIn(folder)), await uninterrupted);
  }));

test("when a shared first cycle fails it is told once, and arms that do not share it are finished", () =>
  inFolder(async (folder) => {
    const before = (what: string, { arm }: { arm: { name: string } }) => {
      if (what === "fit" && arm.name !== "warm") throw new ForelossError("the loss is NaN");
    };
    await assert.rejects(runIn(folder, { createLearner: fakeLearners({ before }) }), {
      message: /arms could be carried out\nrandom \+ entropy, seed 0: .*NaN\nrandom \+ entropy, seed 1: .*NaN$/,
    });
    const { arms } = (await readJson(join(folder, "results.json"))) as Results;
    assert.deepEqual(
      arms.map(({ name, seeds }) => [name, seeds.length]),
      [["warm", 2]],
    );
  }));

test("figures that are not numbers fail the arm before they are kept", () =>
  inFolder(async (folder) => {
    const learners = fakeLearners();
    const createLearner: typeof learners = async (spec) => {
      const learner = await learners(spec);
      const fit: typeof learner.fit = async (...given) => ({ ...(await learner.fit(...given)), testLoss: Number.NaN });
      return { ...learner, fit };
    };
    await assert.rejects(runIn(folder, { createLearner, armNames: ["warm"], seeds: [0] }), {
      message: /warm, seed 0: cycle 0, fit: testLoss of the training is NaN, not a number$/,
    });
    assert.deepEqual(
      (await filesIn(folder)).filter((path) => path.includes("cycle-")),
      [],
    );
  }));

test("a pool that is exhausted early ends its arms, and they count as finished", () =>
  inFolder(async (folder) => {
    const recipe = fakeRecipe({ labelling: { initial: 50, perCycle: 8, cycles: 9 } });
    const results = await runIn(folder, {}, recipe);
    const labels = results.arms[0]!.seeds[0]!.cycles.map((cycle) => cycle.labels);
    assert.deepEqual(labels, [50, 58, 60]);
    assert.notEqual(results.provenance.finished, null);
    const createLearner = () => assert.fail("a learner was made");
    assert.deepEqual(await runIn(folder, { createLearner }, recipe), results);
  }));

test("events tell each cycle once, how far the whole run is, and what was done before", () =>
  inFolder(async (folder) => {
    const first: RunEvent[] = [];
    await runIn(folder, { seeds: [0], onEvent: (event) => first.push(event) });
    const shares = first.map(({ overall }) => overall.share);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
    const cycles = first.filter(({ kind }) => kind === "cycle");
    assert.equal(cycles.length, 9);
    assert.ok(cycles.every(({ records, cycle }) => records?.at(-1)?.cycle === cycle && records.length === cycle + 1));
    assert.ok(
      first.some(
        ({ arm, kind, done, total }) => arm === "random + entropy" && kind === "fit" && done === 5 && total === 10,
      ),
    );
    const second: RunEvent[] = [];
    await runIn(folder, { onEvent: (event) => second.push(event) });
    assert.deepEqual(
      second.slice(0, 3).map(({ kind, arm, cycle }) => [kind, arm, cycle]),
      [
        ["resumed", "random", 3],
        ["resumed", "entropy", 3],
        ["resumed", "warm", 3],
      ],
    );
    assert.ok(second[0]!.overall.share > 0.4 && second[0]!.overall.share < 0.6);
  }));
