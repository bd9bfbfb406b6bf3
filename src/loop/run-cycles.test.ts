import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ItemId } from "../core/item.ts";
import { createRandom } from "../core/random.ts";
import { strategyNamed } from "../strategies/index.ts";
import { createPoolState, cycleRecords, runCycles } from "./index.ts";
import { drawnOf, fakeLearner, ids, labels, optionsOf, picksOf } from "./testing/fake-run.ts";

describe("runCycles", () => {
  it("draws, then fits, picks and asks in turn, and ends with a training when the budget is spent", async () => {
    const options = optionsOf();
    const { ending, state, steps } = await runCycles(options);
    assert.equal(ending, "budget spent");
    assert.deepEqual(
      steps.map(({ kind, cycle }) => `${kind} ${cycle}`),
      [
        ...["drawn 0", "answered 0", "fitted 0", "picked 0"],
        ...["answered 1", "fitted 1", "picked 1"],
        ...["answered 2", "fitted 2", "picked 2"],
        ...["answered 3", "fitted 3"],
      ],
    );
    assert.equal(state.labelled.size, 10 + 3 * 5);
    assert.deepEqual(options.journalled, steps);
  });

  it("asks for new items only, the same number every cycle, and never trains on anything else", async () => {
    for (const name of ["random", "entropy", "core-set", "subsample(20, margin)"]) {
      const learner = fakeLearner();
      const { steps } = await runCycles(optionsOf({ learner, strategy: strategyNamed(name) }));
      const asked = [...drawnOf(steps), ...picksOf(steps).flat()];
      assert.equal(asked.length, 25, name);
      assert.equal(new Set(asked).size, 25, `${name}: without replacement`);
      assert.deepEqual(
        learner.trainings.map((training) => [...training.keys()]),
        [10, 15, 20, 25].map((size) => asked.slice(0, size)),
      );
    }
  });

  it("trains on the labels the oracle gave, marked with the cycle that asked for them", async () => {
    const { state, steps } = await runCycles(optionsOf());
    for (const { id, label, cycle } of state.labelled.values()) {
      assert.equal(label, labels.get(id));
      const asked = cycle === 0 ? drawnOf(steps) : picksOf(steps)[cycle - 1]!;
      assert.ok(asked.includes(id));
    }
  });

  it("infers the signals a strategy needs for the items it may choose, and nothing else", async () => {
    const calls = async (name: string) => {
      const learner = fakeLearner();
      const labelling = { initial: 10, perCycle: 5, cycles: 2, subset: 30 };
      await runCycles(optionsOf({ learner, strategy: strategyNamed(name), labelling }));
      return learner.calls;
    };
    assert.deepEqual(await calls("random"), ["fit 10", "fit 15"]);
    assert.deepEqual(await calls("entropy"), ["fit 10", "infer 30 entropy", "fit 15"]);
    assert.deepEqual(await calls("core-set"), ["fit 10", "infer 30 embedding", "infer 10 embedding", "fit 15"]);
  });

  it("notes with every pick the signals the strategy went by, and further ones when asked to", async () => {
    const learner = fakeLearner();
    const { steps } = await runCycles(optionsOf({ learner, noted: ["predictedLoss", "entropy"] }));
    const picks = cycleRecords(steps)[0]!.picks;
    assert.deepEqual(Object.keys(picks[0]!.signals), ["entropy", "predictedLoss"]);
    const entropies = picks.map(({ signals }) => signals.entropy!);
    assert.deepEqual(
      entropies,
      [...entropies].sort((a, b) => b - a),
    );
    assert.ok(learner.calls.includes("infer 5 predictedLoss"), learner.calls.join("; "));
  });

  it("keeps one record per training, with seconds from the clock it was given and no picks in the last", async () => {
    let now = 0;
    const { steps } = await runCycles(optionsOf({ nowSeconds: () => now++ * 2 }));
    const records = cycleRecords(steps);
    assert.deepEqual(
      records.map(({ cycle, labels, metric, picks, scoreSeconds }) => [
        cycle,
        labels,
        metric,
        picks.length,
        scoreSeconds,
      ]),
      [
        [0, 10, 0.1, 5, 2],
        [1, 15, 0.15, 5, 2],
        [2, 20, 0.2, 5, 2],
        [3, 25, 0.25, 0, 0],
      ],
    );
  });

  it("reports what it is doing and how far the training is", async () => {
    const seen: string[] = [];
    await runCycles(
      optionsOf({
        labelling: { initial: 10, perCycle: 5, cycles: 2, subset: null },
        onProgress: ({ cycle, phase, done, total }) => seen.push(`${cycle} ${phase} ${done ?? "-"}/${total ?? "-"}`),
      }),
    );
    const fit = (cycle: number) => [`${cycle} fit -/-`, `${cycle} fit 1/2`];
    assert.deepEqual(seen, ["0 draw -/-", "0 answer -/-", ...fit(0), "0 pick -/-", "1 answer -/-", ...fit(1)]);
  });
});

describe("arms of one seed", () => {
  const labelling = { initial: 10, perCycle: 5, cycles: 3, subset: 20 };
  const candidatesOf = async (name: string, seed = 7) => {
    const subsets: (readonly ItemId[])[] = [];
    const positions: (readonly number[])[] = [];
    const strategy = strategyNamed(name);
    const watching: typeof strategy = {
      ...strategy,
      select: async (pool, ...rest) => {
        subsets.push(pool.ids);
        const chosen = await strategy.select(pool, ...rest);
        positions.push([...chosen]);
        return chosen;
      },
    };
    const { steps } = await runCycles(optionsOf({ strategy: watching, labelling, random: createRandom(seed) }));
    return { initial: drawnOf(steps), subsets, positions, picks: picksOf(steps) };
  };

  it("share the initial set and the first subset, and later subsets but for what one of them has labelled", async () => {
    const [a, b] = [await candidatesOf("entropy"), await candidatesOf("margin")];
    assert.deepEqual(a.initial, b.initial);
    assert.deepEqual(a.subsets[0], b.subsets[0]);
    assert.notDeepEqual(a.picks[0], b.picks[0]);
    const [inA, inB] = [new Set(a.subsets[1]), new Set(b.subsets[1])];
    const shared = a.subsets[1]!.filter((id) => inB.has(id));
    assert.ok(shared.length >= 15, `${shared.length} of 20 are shared after 5 different picks`);
    assert.deepEqual(
      b.subsets[1]!.filter((id) => inA.has(id)),
      shared,
      "in the same order, since both come from one ranking of all items",
    );
  });

  it("pick the same when both are random, whatever else differs between them", async () => {
    const bare = await candidatesOf("random");
    const { steps } = await runCycles(
      optionsOf({ strategy: strategyNamed("random"), labelling, noted: ["predictedLoss"] }),
    );
    assert.deepEqual(picksOf(steps), bare.picks);
  });

  it("draw other items with another seed", async () => {
    const [a, b] = [await candidatesOf("random", 1), await candidatesOf("random", 2)];
    assert.notDeepEqual(a.initial, b.initial);
    assert.notDeepEqual(a.subsets[0], b.subsets[0]);
  });

  it("draw another subset and break ties in another way in every cycle", async () => {
    const { subsets, positions, picks } = await candidatesOf("random");
    const leftOver = subsets[0]!.filter((id) => !picks[0]!.includes(id));
    assert.ok(leftOver.some((id) => !subsets[1]!.includes(id)));
    assert.notDeepEqual(positions[0], positions[1]);
  });

  it("do not depend on the order in which the data set lists its items", async () => {
    const forwards = await runCycles(optionsOf({ labelling }));
    const backwards = await runCycles(optionsOf({ labelling, state: createPoolState({ pool: [...ids].reverse() }) }));
    assert.deepEqual(backwards.steps, forwards.steps);
  });
});

describe("a pool that runs out", () => {
  it("gives what it has left to the last batch, says so, trains once more and ends", async () => {
    const options = optionsOf({ labelling: { initial: 50, perCycle: 8, cycles: 9, subset: null } });
    const { ending, state, steps } = await runCycles(options);
    assert.equal(ending, "pool exhausted");
    const batches = steps.flatMap((step) => (step.kind === "picked" ? [[step.wanted, step.picks.length]] : []));
    assert.deepEqual(batches, [
      [8, 8],
      [8, 2],
    ]);
    assert.equal(state.pool.size, 0);
    assert.deepEqual(
      cycleRecords(steps).map((record) => record.labels),
      [50, 58, 60],
    );
  });

  it("trains once and ends when there is nothing to ask for from the start", async () => {
    const labelled = ids.map((id) => ({ id, label: 0, cycle: 0 }));
    const { ending, steps } = await runCycles(optionsOf({ state: createPoolState({ pool: [], labelled }) }));
    assert.equal(ending, "pool exhausted");
    assert.deepEqual(
      steps.map((step) => step.kind),
      ["fitted"],
    );
  });

  it("is refused when it cannot even give the initial set", async () => {
    const state = createPoolState<number>({ pool: ids.slice(0, 4) });
    await assert.rejects(
      runCycles(optionsOf({ state })),
      /^ForelossError: cycle 0, draw: 10 items are to be labelled first, the pool holds 4/,
    );
  });

  it("is refused when nothing is labelled and nothing is to be drawn", async () => {
    const labelling = { initial: 0, perCycle: 5, cycles: 2, subset: null };
    await assert.rejects(runCycles(optionsOf({ labelling })), /cycle 0, fit: nothing is labelled/);
  });
});

describe("labels that are there before", () => {
  it("count for the initial set, which is only filled up", async () => {
    const labelled = ids.slice(0, 4).map((id) => ({ id, label: 0, cycle: 0 }));
    const { steps } = await runCycles(optionsOf({ state: createPoolState({ pool: ids.slice(4), labelled }) }));
    assert.equal(drawnOf(steps).length, 6);
    assert.equal(cycleRecords(steps)[0]!.labels, 10);
  });
});
