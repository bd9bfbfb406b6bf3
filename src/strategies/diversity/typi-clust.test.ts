import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../core/random.ts";
import { typiClust } from "../index.ts";
import { peers, poolOfPoints } from "../testing/peers.ts";

describe("TypiClust", () => {
  it("takes scikit-activeml's items, where clusters are plain to see", async () => {
    // Its neighbourhood is five items there, which is half of a cluster of ten or eleven here.
    const pool = poolOfPoints(peers.blobs);
    for (let stream = 0; stream < 5; stream++) {
      assert.deepEqual([...(await typiClust.select(pool, 2, createRandom(stream)))], peers.blobs.typiclust);
    }
  });

  it("takes the item whose neighbours are nearest, not the one nearest to the mean", async () => {
    // A tight group at one end of a loose cluster: the mean lies in the empty part.
    const embedding = [[0], [0.1], [0.2], [0.3], [20], [26], [30], [36]];
    const picks = await typiClust.select(poolOfPoints({ embedding, labelledEmbedding: [] }), 1, createRandom(0));
    assert.ok(picks[0]! < 4);
  });

  it("leaves a cluster that has a label for last", async () => {
    const group = (at: number, size: number) => Array.from({ length: size }, (_, i) => [at + i / 100]);
    const embedding = [...group(0, 12), ...group(100, 8), ...group(200, 7)];
    const pool = poolOfPoints({ embedding, labelledEmbedding: [[0.055]] });
    const picks = await typiClust.select(pool, 2, createRandom(2));
    assert.deepEqual(
      Array.from(picks, (pick) => Math.round(embedding[pick]![0]! / 100)),
      [1, 2],
    );
  });

  it("takes clusters of five or fewer after all others, and goes round again when there are no more", async () => {
    const embedding = [[0], [0.1], [50], [50.1], [50.2], [50.3], [50.4], [50.5], [50.6]];
    const pool = poolOfPoints({ embedding, labelledEmbedding: [] });
    const picks = await typiClust.select(pool, 2, createRandom(0));
    assert.ok(picks[0]! >= 2 && picks[1]! < 2);
    assert.deepEqual([...(await typiClust.select(pool, 9, createRandom(0)))].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
