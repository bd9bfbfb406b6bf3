// ProbCover against scikit-activeml, and against the definition with all edges written out.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ForelossError } from "../../core/errors.ts";
import { createRandom } from "../../core/random.ts";
import { probCover } from "../index.ts";
import { startPace } from "../kernels/pace.ts";
import { drawPoints, matrixOf } from "../testing/made-pool.ts";
import { peers, poolOfPoints } from "../testing/peers.ts";
import { pureRadius } from "./prob-cover.ts";

type Points = readonly (readonly number[])[];

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, i) => x - b[i]!));

/** How many items no label or pick is near to lie near each item. */
function degrees(points: Points, centres: Points, radius: number): number[] {
  const open = points.filter((point) => centres.every((centre) => distance(point, centre) >= radius));
  return points.map((point) => open.filter((other) => distance(point, other) < radius).length);
}

describe("ProbCover", () => {
  it("takes scikit-activeml's items", async () => {
    const { radius, picks } = peers.probCover;
    const chosen = await probCover(radius).select(poolOfPoints(peers.probCover), picks.length, createRandom(0));
    assert.deepEqual([...chosen], picks);
  });

  it("takes one of the highest degree every time, however many tie", async () => {
    const embedding = drawPoints(70, 3, createRandom(1));
    const labelledEmbedding = drawPoints(5, 3, createRandom(2));
    const points = embedding.map(unit);
    for (let stream = 0; stream < 10; stream++) {
      const centres = labelledEmbedding.map(unit);
      const chosen = await probCover(0.6).select(
        poolOfPoints({ embedding, labelledEmbedding }),
        12,
        createRandom(stream),
      );
      for (const pick of chosen) {
        const all = degrees(points, centres, 0.6);
        assert.equal(all[pick], Math.max(...all));
        centres.push(points[pick]!);
      }
    }
  });

  it("estimates the largest radius at which 95 % of the balls are pure", async () => {
    const points = drawPoints(90, 3, createRandom(5)).map(unit);
    const clusterOf = Uint32Array.from(points, ([x]) => Number(x! > 0.3));
    const radius = await pureRadius(matrixOf(points), clusterOf, startPace("test"));
    const purity = (of: number) =>
      points.filter((a, i) => points.every((b, j) => clusterOf[i] === clusterOf[j] || distance(a, b) >= of)).length /
      90;
    assert.ok(purity(radius - 1e-6) >= 0.95 && purity(radius + 1e-6) < 0.95, `${radius}`);
    assert.equal(await pureRadius(matrixOf(points), new Uint32Array(90), startPace("test")), 2);
  });

  it("finds a radius at which balls keep to one cluster: all of a cluster in one, nothing of the next", async () => {
    const group = (angle: number, size: number) =>
      Array.from({ length: size }, (_, i) => [Math.cos(angle + i / 200), Math.sin(angle + i / 200)]);
    const embedding = [...group(0, 12), ...group(2, 10), ...group(4, 8)];
    const pool = poolOfPoints({ embedding, labelledEmbedding: [] });
    for (let stream = 0; stream < 5; stream++) {
      const picks = await probCover().select(pool, 3, createRandom(stream));
      assert.deepEqual(
        Array.from(picks, (pick) => (pick < 12 ? 0 : pick < 22 ? 1 : 2)),
        [0, 1, 2],
      );
    }
  });

  it("makes as many clusters as the labels have classes, where they are told", async () => {
    const group = (angle: number) =>
      Array.from({ length: 9 }, (_, i) => [Math.cos(angle + i / 90), Math.sin(angle + i / 90)]);
    const pool = poolOfPoints({ embedding: [...group(0), ...group(2)], labelledEmbedding: [] });
    const labelled = {
      ids: ["l0", "l1"],
      signals: {
        embedding: matrixOf([
          [0, -1],
          [0, -1],
        ]),
      },
      classes: Uint32Array.of(4, 9),
    };
    // With one cluster per pick every ball would be small, and the first two picks could come from one group.
    const picks = await probCover().select({ ...pool, labelled }, 12, createRandom(0));
    assert.deepEqual([...picks.subarray(0, 2)].map((pick) => pick < 9).sort(), [false, true]);
  });

  it("refuses a radius that no two rows of length 1 can have", () => {
    assert.throws(() => probCover(0), ForelossError);
    assert.throws(() => probCover(2.5), /prob-cover\(2.5\): a radius of 2.5; give a number above 0, up to 2/);
  });
});
