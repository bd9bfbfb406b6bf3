import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError } from "../../core/errors.ts";
import { createRandom, permutation } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { farthestRows } from "../kernels/farthest.ts";
import { nearestSquared } from "../kernels/nearest.ts";
import { startPace } from "../kernels/pace.ts";
import { rowsOf } from "../signals/part.ts";
import { drawPoints, matrixOf } from "../testing/made-pool.ts";

import { coreSetInParts } from "./core-set-in-parts.ts";

const pace = startPace("test");
const points = matrixOf(drawPoints(600, 3, createRandom(1)));
const labelled = matrixOf(drawPoints(5, 3, createRandom(2)));

function* partsOf(size: number): Generator<Matrix> {
  for (let first = 0; first < points.rows; first += size) {
    const rows = Math.min(size, points.rows - first);
    yield rowsOf(
      points,
      Uint32Array.from({ length: rows }, (_, row) => first + row),
    );
  }
}

/** Distance of the item that is farthest from its nearest label or pick. */
async function radius(picks: Uint32Array): Promise<number> {
  const chosen = rowsOf(points, picks);
  const centres = { rows: picks.length + 5, columns: 3, values: Float32Array.of(...labelled.values, ...chosen.values) };
  return Math.sqrt((await nearestSquared(points, centres, pace)).reduce((most, squared) => Math.max(most, squared)));
}

describe("core-set in parts", () => {
  it("is greedy k-centre where there is one part", async () => {
    const rank = permutation(600, createRandom(0));
    const exact = await farthestRows({ own: points, labelled, rank }, 20, pace);
    assert.deepEqual(await coreSetInParts(partsOf(600), labelled, 20, createRandom(0)), exact);
  });

  it("leaves no item farther than the promised multiple of what greedy k-centre leaves", async () => {
    const exact = await radius(await coreSetInParts(partsOf(600), labelled, 20, createRandom(0)));
    for (const size of [10, 64, 299]) {
      const picks = await coreSetInParts(partsOf(size), labelled, 20, createRandom(0));
      assert.equal(new Set(picks).size, 20);
      const left = await radius(picks);
      assert.ok(left <= 4 * exact, `${left} with parts of ${size}, ${exact} in one go`);
    }
  });

  it("finds the far item of every part", async () => {
    const far = { rows: 1, columns: 3, values: Float32Array.of(99, 0, 0) };
    const farther = { rows: 1, columns: 3, values: Float32Array.of(0, -999, 0) };
    const picks = await coreSetInParts([...partsOf(300), far, farther], labelled, 2, createRandom(0));
    assert.deepEqual([...picks], [601, 600]);
  });

  it("refuses parts of another width and a count above the rows", async () => {
    const narrow = { rows: 1, columns: 2, values: new Float32Array(2) };
    await assert.rejects(coreSetInParts([narrow], labelled, 1, createRandom(0)), /2 numbers per embedding.* 3/);
    await assert.rejects(coreSetInParts(partsOf(300), labelled, 601, createRandom(0)), /601 items asked for, 600/);
  });

  it("stops when it is aborted", async () => {
    const stop = new AbortController();
    stop.abort();
    const large = matrixOf(drawPoints(400, 256, createRandom(3)));
    const none = { rows: 0, columns: 256, values: new Float32Array() };
    await assert.rejects(coreSetInParts([large], none, 200, createRandom(0), stop.signal), InterruptedError);
  });
});
