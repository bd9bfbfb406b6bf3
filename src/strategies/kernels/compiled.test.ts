// The compiled loops against the portable ones: the same bits, on sizes that leave remainders everywhere.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError } from "../../core/errors.ts";
import { createRandom, permutation } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { load } from "../../native/addon.ts";
import { gradientSeeding, squaredGradientLengths } from "../model-change/badge.ts";
import { inShares } from "./compiled.ts";
import { farthestCompiled, farthestPortable } from "./farthest.ts";
import { findNearestCompiled, findNearestPortable, type NearestTask } from "./nearest.ts";
import { startPace } from "./pace.ts";
import { squaredDistance } from "./rows.ts";
import { seed, seedingOf } from "./seeding.ts";

const loaded = load();
const skip = "reason" in loaded ? `${loaded.reason}: npm run build:native` : false;
const addon = "addon" in loaded ? loaded.addon : undefined;
const pace = startPace("test");
const sizes = [1, 3, 8, 17, 40, 131] as const;

function drawRows(rows: number, columns: number, stream: number, offset = 0): Matrix {
  const random = createRandom(stream, "rows");
  return { rows, columns, values: Float32Array.from({ length: rows * columns }, () => offset + random.normal()) };
}

/** Points that lie upon each other or nearly so, by threes. */
function withTies(matrix: Matrix): Matrix {
  const { rows, columns } = matrix;
  const values = matrix.values.slice();
  for (let row = 0; row < rows; row++)
    values.copyWithin(row * columns, (row - (row % 3)) * columns, (row - (row % 3) + 1) * columns);
  return { ...matrix, values };
}

describe("compiled loops of choosing", { skip }, () => {
  it("pick the same farthest items", async () => {
    for (const columns of sizes) {
      for (const labelledRows of [0, 1, 6, 90]) {
        for (const own of [
          drawRows(300, columns, 1),
          withTies(drawRows(300, columns, 2)),
          drawRows(300, columns, 3, 1e4),
        ]) {
          const labelled = drawRows(labelledRows, columns, 4, own.values[0]! > 1e3 ? 1e4 : 0);
          const task = { own, labelled, rank: permutation(300, createRandom(columns)) };
          const picks = await farthestCompiled(addon!, task, 60, pace);
          assert.deepEqual(picks, await farthestPortable(task, 60, pace));
        }
      }
    }
  });

  it("pick the same farthest items out of several turns, in threads", async () => {
    const own = withTies(drawRows(1500, 131, 15));
    const task = { own, labelled: drawRows(150, 131, 16), rank: permutation(1500, createRandom(1)) };
    assert.deepEqual(await farthestCompiled(addon!, task, 80, pace), await farthestPortable(task, 80, pace));
  });

  it("go on with the farthest items where they were broken off", async () => {
    const own = drawRows(500, 40, 5);
    const labelled = drawRows(70, 40, 6);
    const rank = permutation(500, createRandom(0));
    const state = {
      bound: new Float64Array(500).fill(Infinity),
      compared: new Uint32Array(500),
      picks: new Uint32Array(50),
    };
    let made = 0;
    let calls = 0;
    for (; made < 50; calls++) {
      made = await addon!.farthestFirst({
        own,
        labelled,
        rank,
        ...state,
        made,
        count: 50,
        milliseconds: 0,
        threads: 2,
      });
    }
    assert.ok(calls > 50, "every pick and some of the searches took a call of their own");
    assert.deepEqual(state.picks, await farthestPortable({ own, labelled, rank }, 50, pace));
  });

  it("find the same nearest centres, with the same distances", async () => {
    for (const columns of sizes) {
      for (const centreRows of [1, 5, 100]) {
        for (const offset of [0, 1e3]) {
          const points = withTies(drawRows(200, columns, 7, offset));
          const centres = withTies(drawRows(centreRows, columns, 8, offset));
          const start = () => Uint32Array.from({ length: 200 }, (_, i) => i % centreRows);
          const task = (): NearestTask => ({ points, centres, nearest: start(), distances: new Float64Array(200) });
          const [ours, portable] = [task(), task()];
          await findNearestCompiled(addon!, ours, pace);
          await findNearestPortable(portable, pace);
          assert.deepEqual(ours, portable);
        }
      }
    }
  });

  it("find nearest centres of numbers whose squares are no float32", async () => {
    const points = { rows: 3, columns: 2, values: Float32Array.of(1e30, 0, -1e30, 0, 1e-30, 1e-30) };
    const centres = { rows: 3, columns: 2, values: Float32Array.of(-9e29, 0, 9e29, 1, 0, 0) };
    const task = { points, centres, nearest: new Uint32Array(3), distances: new Float64Array(3) };
    await findNearestCompiled(addon!, task, pace);
    assert.deepEqual([...task.nearest], [1, 0, 2]);
    assert.equal(task.distances[2], squaredDistance(points.values, 2, centres.values, 2, 2));
  });

  it("draw the same seeds", async () => {
    for (const columns of sizes) {
      const points = withTies(drawRows(200, columns, 9));
      const portable = { ...seedingOf(points), approach: undefined };
      const picks = await seed(seedingOf(points, addon), 30, createRandom(1), pace);
      assert.deepEqual(picks, await seed(portable, 30, createRandom(1), pace));
    }
  });

  it("draw the same gradients", async () => {
    for (const columns of sizes) {
      const factors = { left: drawRows(200, columns, 10), right: withTies(drawRows(200, 19, 11)) };
      const lengths = squaredGradientLengths(factors);
      const portable = { ...gradientSeeding(factors, lengths), approach: undefined };
      const picks = await seed(gradientSeeding(factors, lengths, addon), 30, createRandom(1), pace);
      assert.deepEqual(picks, await seed(portable, 30, createRandom(1), pace));
    }
  });

  it("add the same sums, whatever the number of threads", async () => {
    const points = drawRows(300, 17, 12);
    const clusterOf = Uint32Array.from({ length: 300 }, (_, i) => i % 7);
    const sums = [1, 2, 3, 40].map(async (threads) => {
      const sums = new Float64Array(7 * 17);
      await addon!.addToClusters({ points, clusterOf, sums, from: 0, to: 300, threads });
      return sums;
    });
    const [first, ...others] = await Promise.all(sums);
    const expected = new Float64Array(7 * 17);
    points.values.forEach((value, at) => {
      expected[(Math.floor(at / 17) % 7) * 17 + (at % 17)]! += value;
    });
    for (const sum of [first, ...others]) assert.deepEqual(sum, expected);
  });

  it("are stopped by an abort", async () => {
    const stop = new AbortController();
    const task = { own: drawRows(300, 8, 13), labelled: drawRows(1, 8, 14), rank: permutation(300, createRandom(0)) };
    stop.abort();
    await assert.rejects(farthestCompiled(addon!, task, 300, startPace("test", stop.signal)), InterruptedError);
  });
});

describe("shares of long work", () => {
  it("cover every row once, and pause after each", async () => {
    const shares: number[][] = [];
    let pauses = 0;
    await inShares(
      10,
      1.5e8,
      async ({ from, to }) => void shares.push([from, to]),
      async () => void pauses++,
    );
    assert.deepEqual(shares, [
      [0, 3],
      [3, 6],
      [6, 9],
      [9, 10],
    ]);
    assert.equal(pauses, 4);
  });
});
