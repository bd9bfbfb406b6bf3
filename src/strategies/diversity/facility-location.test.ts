import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InterruptedError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import { facilityLocation } from "../index.ts";
import { coverGreedily } from "../kernels/coverage.ts";
import { startPace } from "../kernels/pace.ts";
import { type Similarities, similaritiesOf } from "../kernels/similarities.ts";
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
  const random = createRandom(1);
  const points = matrixOf(Array.from({ length: 400 }, () => [random.next()]));
  const kernel = { similarity: (squared: number) => Math.max(0, 1 - 20 * Math.sqrt(squared)), reach: 1 / 400 };
  const rank = Uint32Array.from({ length: 400 }, (_, i) => i);
  const choose = (similarities: Similarities) => {
    const coverage = { similarities, covered: new Float32Array(400), weights: new Float64Array(400).fill(1) };
    return coverGreedily(coverage, 20, rank, startPace("test"));
  };

  it("picks the same items whether similarities are kept or computed anew", async () => {
    const kept = await choose(similaritiesOf(points, kernel, true));
    assert.deepEqual(await choose(similaritiesOf(points, kernel, false)), kept);
  });

  it("looks at few gains again, since the others cannot have become the highest", async () => {
    let rows = 0;
    const similarities = similaritiesOf(points, kernel);
    const row = (item: number) => {
      rows++;
      return similarities.row(item);
    };
    await choose({ ...similarities, row });
    assert.ok(rows < 2000, `${rows} rows; all gains in every round are ${20 * 400}`);
  });
});
