// The choice by k-means against scikit-learn's clusters and a plain Lloyd, written here, from the same seeds.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import { kMeansChoice, kMeansCosine } from "../index.ts";
import { type Clusters, kMeans } from "../kernels/k-means.ts";
import { startPace } from "../kernels/pace.ts";
import { seed } from "../kernels/seeding.ts";
import { drawPoints, matrixOf } from "../testing/made-pool.ts";
import { near } from "../testing/near.ts";
import { peers, poolOfPoints } from "../testing/peers.ts";

type Points = readonly (readonly number[])[];

const squared = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
const pace = startPace("test");
const poolOf = (embedding: Points) => poolOfPoints({ embedding, labelledEmbedding: [] });

/** Lloyd's algorithm as one would say it, from the same seeds as ours. */
async function naive(points: Points, count: number, stream: number): Promise<number[]> {
  const between = (a: number, b: number) => squared(points[a]!, points[b]!);
  const seeding = { items: points.length, squaredDistance: between, costOfDistance: 1 };
  let centres = Array.from(await seed(seeding, count, createRandom(stream), pace), (item) => [...points[item]!]);
  for (let round = 0; round < 100; round++) {
    const nearest = points.map((point) => argmin(centres.map((centre) => squared(point, centre))));
    centres = centres.map((centre, k) => {
      const own = points.filter((_, i) => nearest[i] === k);
      return own.length === 0 ? centre : centre.map((_, d) => Math.fround(mean(own.map((point) => point[d]!))));
    });
  }
  return points.map((point) => argmin(centres.map((centre) => squared(point, centre))));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const argmin = (values: readonly number[]) => values.indexOf(Math.min(...values));

function sumOfSquares({ distances }: Clusters): number {
  return distances.reduce((a, b) => a + b, 0);
}

describe("k-means", () => {
  it("finds the plain algorithm's clusters from the same seeds", async () => {
    for (const [count, columns, stream] of [
      [3, 2, 1],
      [7, 5, 2],
      [10, 19, 3],
    ] as const) {
      const points = drawPoints(80, columns, createRandom(stream, "points"));
      const { clusterOf } = await kMeans(matrixOf(points), count, createRandom(stream), pace);
      assert.deepEqual([...clusterOf], await naive(points, count, stream));
    }
  });

  it("never ends with larger squared distances than one round fewer", async () => {
    const points = matrixOf(drawPoints(200, 3, createRandom(4)));
    let before = Infinity;
    for (let mostRounds = 0; mostRounds < 12; mostRounds++) {
      const clusters = await kMeans(points, 9, createRandom(4), pace, { mostRounds });
      assert.ok(sumOfSquares(clusters) <= before * (1 + 1e-6));
      before = sumOfSquares(clusters);
    }
  });

  it("keeps centres at length 1 when they are those of directions", async () => {
    const points = drawPoints(60, 4, createRandom(5)).map((row) => row.map((x) => x / Math.hypot(...row)));
    const { centres } = await kMeans(matrixOf(points), 6, createRandom(5), pace, { spherical: true });
    for (let k = 0; k < 6; k++) near([Math.hypot(...centres.values.subarray(k * 4, k * 4 + 4))], [1]);
  });
});

describe("the choice by k-means", () => {
  it("takes the items nearest to scikit-learn's centres, where clusters are plain to see", async () => {
    const pool = poolOf(peers.blobs.embedding);
    for (let stream = 0; stream < 5; stream++) {
      const picks = await kMeansChoice.select(pool, 4, createRandom(stream));
      assert.deepEqual(
        [...picks].sort((a, b) => a - b),
        peers.blobs.kMeans,
      );
    }
  });

  it("puts the item of the largest cluster first", async () => {
    const points = [[0], [0.1], [50], [50.1], [50.2], [90]];
    const picks = await kMeansChoice.select(poolOf(points), 3, createRandom(1));
    assert.equal(picks[0], 3);
    assert.ok(picks[1] === 0 || picks[1] === 1);
    assert.equal(picks[2], 5);
  });

  it("looks at directions alone when it goes by cosine", async () => {
    // Two directions, lengths all over the place: Euclidean clusters would go by length.
    const points = [
      [1, 0.1],
      [90, 10],
      [40, 3],
      [0.1, 1],
      [9, 80],
      [3, 60],
      [0.2, 7],
    ];
    for (let stream = 0; stream < 10; stream++) {
      const picks = await kMeansCosine.select(poolOf(points), 2, createRandom(stream));
      assert.deepEqual(Array.from(picks, (pick) => pick > 2).sort(), [false, true]);
      assert.ok(picks[0]! > 2, "four items have the second direction");
    }
  });

  it("still gives different items when there are fewer points than picks", async () => {
    const points = [[1], [1], [1], [2], [2]];
    const picks = await kMeansChoice.select(poolOf(points), 4, createRandom(3));
    assert.equal(new Set(picks).size, 4);
    assert.deepEqual([...picks.subarray(0, 2)].map((pick) => points[pick]![0]).sort(), [1, 2]);
  });
});

describe("k-means++ seeding", () => {
  it("draws in proportion to squared distance times weight", async () => {
    const at = [0, 1, 3, 3];
    const weights = Float64Array.of(1, 1, 1, 0.5);
    const times = [0, 0, 0, 0];
    for (let stream = 0; stream < 4000; stream++) {
      const between = (a: number, b: number) => (at[a]! - at[b]!) ** 2;
      const seeding = { items: 4, squaredDistance: between, costOfDistance: 1, weights, first: 0 };
      times[(await seed(seeding, 2, createRandom(stream), pace))[1]!]!++;
    }
    assert.equal(times[0], 0);
    [1, 9, 4.5].forEach((odds, k) => {
      const expected = (4000 * odds) / 14.5;
      // Five standard deviations of a binomial.
      assert.ok(Math.abs(times[k + 1]! - expected) < 5 * Math.sqrt(expected * (1 - odds / 14.5)), times.join(" "));
    });
  });

  it("draws evenly when everything left lies upon a centre", async () => {
    const times = [0, 0, 0, 0];
    for (let stream = 0; stream < 900; stream++) {
      const seeding = { items: 4, squaredDistance: () => 0, costOfDistance: 1, first: 1 };
      times[(await seed(seeding, 2, createRandom(stream), pace))[1]!]!++;
    }
    assert.equal(times[1], 0);
    near(times, [300, 0, 300, 300], 0.25);
  });
});
