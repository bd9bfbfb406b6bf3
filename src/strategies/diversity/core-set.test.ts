import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError, InterruptedError } from "../../core/errors.ts";
import { createRandom, permutation } from "../../core/random.ts";
import { coreSet, farthestFirst, type Pool, scoreByDistance } from "../index.ts";
import { peerPool, peers } from "../testing/peers.ts";

type Points = readonly (readonly number[])[];

function matrix(points: Points) {
  return { rows: points.length, columns: points[0]?.length ?? 0, values: Float32Array.from(points.flat()) };
}

function poolOf(points: Points, labelled: Points, ids = points.map((_, i) => `p${i}`)): Pool {
  return {
    ids,
    signals: { embedding: matrix(points) },
    labelled: { ids: labelled.map((_, i) => `l${i}`), signals: { embedding: matrix(labelled) } },
  };
}

function drawPoints(count: number, columns: number, seed: number): number[][] {
  const random = createRandom(seed, "points");
  return Array.from({ length: count }, () => Array.from({ length: columns }, () => Math.fround(random.normal())));
}

const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, i) => x - b[i]!));

/** Greedy k-centre as one would say it, every distance computed anew for every pick. */
function naive(points: Points, labelled: Points, count: number): number[] {
  const picks: number[] = [];
  while (picks.length < count) {
    const centres = [...labelled, ...picks.map((pick) => points[pick]!)];
    const reach = points.map((point, i) =>
      picks.includes(i) ? -1 : Math.min(...centres.map((centre) => distance(point, centre))),
    );
    picks.push(reach.indexOf(Math.max(...reach)));
  }
  return picks;
}

describe("core-set", () => {
  it("agrees with the naive algorithm on 50 points, for every number of picks up to all of them", async () => {
    const points = drawPoints(50, 3, 1);
    const labelled = drawPoints(5, 3, 2);
    for (const count of [1, 2, 10, 49, 50]) {
      const picks = await farthestFirst(poolOf(points, labelled), count, createRandom(0));
      assert.deepEqual([...picks], naive(points, labelled, count));
    }
  });

  it("agrees with it in as many dimensions as a net has, where whole blocks and a rest are summed", async () => {
    for (const columns of [1, 16, 37, 512]) {
      const points = drawPoints(60, columns, 3);
      const labelled = drawPoints(12, columns, 4);
      const picks = await farthestFirst(poolOf(points, labelled), 25, createRandom(0));
      assert.deepEqual([...picks], naive(points, labelled, 25), `${columns} columns`);
    }
  });

  it("picks the same ids as the naive algorithm from a permuted pool whose ids are no positions", async () => {
    const points = drawPoints(50, 4, 5);
    const labelled = drawPoints(7, 4, 6);
    const order = [...permutation(50, createRandom(7))];
    const ids = order.map((p) => `x${900 - p}`);
    const pool = poolOf(
      order.map((p) => points[p]!),
      labelled,
      ids,
    );
    const picks = await farthestFirst(pool, 20, createRandom(0));
    assert.deepEqual(
      Array.from(picks, (position) => ids[position]),
      naive(points, labelled, 20).map((p) => `x${900 - p}`),
    );
  });

  it("takes one of the farthest every time, also where many are equally far", async () => {
    const grid = Array.from({ length: 100 }, (_, i) => [i % 10, Math.floor(i / 10)]);
    const labelled = [
      [0, 0],
      [9, 9],
      [4, 5],
    ];
    for (let seed = 0; seed < 20; seed++) {
      const centres: number[][] = [...labelled];
      const reach = (point: readonly number[]) => Math.min(...centres.map((centre) => distance(point, centre)));
      for (const pick of await farthestFirst(poolOf(grid, labelled), 30, createRandom(seed))) {
        assert.equal(reach(grid[pick]!), Math.max(...grid.map(reach)));
        centres.push(grid[pick]!);
      }
    }
  });

  it("takes scikit-activeml's items", async () => {
    const picks = await farthestFirst(peerPool(), peers.pool.coreSet.length, createRandom(0));
    assert.deepEqual([...picks], peers.pool.coreSet);
  });

  it("treats every labelled item as a centre, so that nothing near one comes first", async () => {
    const pool = poolOf([[0.1], [5], [9.9], [20]], [[0], [10]]);
    assert.deepEqual([...(await farthestFirst(pool, 4, createRandom(0)))].slice(0, 2), [3, 1]);
  });

  it("tells apart points that are close together and far from the origin", async () => {
    const pool = poolOf([[10_000.25], [10_000.5], [10_000.125]], [[10_000]]);
    assert.deepEqual([...(await farthestFirst(pool, 1, createRandom(0)))], [1]);
  });

  it("draws the first centre at random when nothing is labelled, and goes on from it", async () => {
    const points = [[0], [1], [10], [11]];
    const pool = { ...poolOf(points, []), labelled: { ids: [], signals: {} } };
    const firsts = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const [first, second] = await farthestFirst(pool, 2, createRandom(seed));
      firsts.add(first!);
      assert.equal(second, first! < 2 ? 3 : 0);
    }
    assert.deepEqual([...firsts].sort(), [0, 1, 2, 3]);
  });

  it("still gives different items when all of them are the same point", async () => {
    const pool = poolOf([[1], [1], [1]], [[1]]);
    assert.deepEqual([...(await farthestFirst(pool, 3, createRandom(0)))].sort(), [0, 1, 2]);
  });

  it("scores an item by its distance to the nearest labelled one, and by infinity when there is none", async () => {
    const pool = poolOf(
      [
        [3, 4],
        [0, 1],
      ],
      [
        [0, 0],
        [0, 3],
      ],
    );
    assert.deepEqual([...(await scoreByDistance(pool))], [Math.fround(Math.sqrt(10)), 1]);
    assert.deepEqual([...(await scoreByDistance(poolOf([[3]], [])))], [Infinity]);
  });

  it("refuses labelled embeddings that are not finite, missing or of another width", async () => {
    const points = drawPoints(4, 2, 8);
    const select = (pool: Pool) => coreSet.select(pool, 1, createRandom(0));
    await assert.rejects(select(poolOf(points, [[0, Number.NaN]])), /embedding of item "l0" is NaN/);
    await assert.rejects(select(poolOf(points, [[0, 0, 0]])), /labelled items have 3 .* the pool has 2/);
    const bare = { ...poolOf(points, []), labelled: { ids: ["l0"], signals: {} } };
    await assert.rejects(select(bare), ForelossError);
  });

  it("lets other work of the process go on while it computes", async () => {
    const pool = poolOf(drawPoints(400, 256, 9), drawPoints(400, 256, 10));
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await farthestFirst(pool, 200, createRandom(0));
    running = false;
    assert.ok(turns > 0);
  });

  it("stops while it computes when it is aborted", async () => {
    const pool = poolOf(drawPoints(400, 256, 9), drawPoints(400, 256, 10));
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await assert.rejects(farthestFirst(pool, 200, createRandom(0), stop.signal), InterruptedError);
  });
});
