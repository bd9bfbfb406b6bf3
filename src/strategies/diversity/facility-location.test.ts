import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import { facilityLocation } from "../index.ts";
import { coverGreedily } from "../kernels/coverage.ts";
import { startPace } from "../kernels/pace.ts";
import { makePool, matrixOf } from "../testing/made-pool.ts";
import { peerPool, peers } from "../testing/peers.ts";

describe("facility location", () => {
  it("takes the items whose gains, all computed anew for every pick, are the highest", async () => {
    const picks = await facilityLocation.select(peerPool(), 10, createRandom(0));
    assert.deepEqual([...picks], peers.pool.facilityLocation);
  });

  it("stops while it computes when it is aborted", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await assert.rejects(facilityLocation.select(makePool(5000), 5, createRandom(0), stop.signal), InterruptedError);
  });
});

describe("greedy coverage", () => {
  it("looks at few gains again, since the others cannot have become the highest", async () => {
    const random = createRandom(1);
    const points = matrixOf(Array.from({ length: 400 }, () => [random.next()]));
    let asked = 0;
    const similarity = (squared: number) => {
      asked++;
      return Math.max(0, 1 - 20 * Math.sqrt(squared));
    };
    const coverage = { points, kernel: { similarity, reach: Infinity }, covered: new Float64Array(400) };
    const rank = Uint32Array.from({ length: 400 }, (_, i) => i);
    await coverGreedily({ ...coverage, weights: new Float64Array(400).fill(1) }, 20, rank, startPace("test"));
    assert.ok(asked < 3 * 400 * 400, `${asked} similarities; all of them in every round are ${20 * 400 * 400}`);
  });
});
