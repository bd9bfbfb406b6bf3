// Loops that look at products of matrices first, against those that measure every distance: the same bits.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom, permutation } from "../../core/random.ts";
import type { Matrix } from "../../core/signals.ts";
import { type MatrixProducts, matrixProducts } from "../../native/matrix-products.ts";
import { farthestPortable } from "./farthest.ts";
import { findNearestByProducts, findNearestPortable, type NearestTask } from "./nearest.ts";
import { startPace } from "./pace.ts";

const pace = startPace("test");
const products = await matrixProducts();
const skip = products === undefined ? "onnxruntime-node does not load" : false;

function drawRows(rows: number, columns: number, stream: number, offset = 0, scale = 1): Matrix {
  const random = createRandom(stream, "rows");
  const values = Float32Array.from({ length: rows * columns }, () => offset + scale * random.normal());
  return { rows, columns, values };
}

/** Points that lie upon each other by threes. */
function withTies({ rows, columns, values }: Matrix): Matrix {
  const first = (row: number) => (row - (row % 3)) * columns;
  const copied = values.map((_, i) => values[first(Math.floor(i / columns)) + (i % columns)]!);
  return { rows, columns, values: copied };
}

/** Which products were asked for: how many rows on both sides. */
function counted(inner: MatrixProducts): MatrixProducts & { readonly calls: [number, number][] } {
  const calls: [number, number][] = [];
  return {
    ...inner,
    calls,
    multiply(left, right, columns) {
      calls.push([left.length / columns, right.length / columns]);
      return inner.multiply(left, right, columns);
    },
  };
}

describe("products of matrices", { skip }, () => {
  it("are those of rows", async () => {
    const [left, right] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8, 9, 10)];
    assert.deepEqual([...(await products!.multiply(left, right, 2))], [17, 23, 29, 39, 53, 67]);
  });

  it("leave the farthest items as they are", async () => {
    for (const columns of [1, 3, 17, 131]) {
      for (const labelledRows of [0, 1, 90, 1100]) {
        for (const [own, labelled] of [
          [drawRows(400, columns, 1), drawRows(labelledRows, columns, 4)],
          [withTies(drawRows(1500, columns, 2)), drawRows(labelledRows, columns, 5)],
          [drawRows(400, columns, 3, 1e4), drawRows(labelledRows, columns, 6, 1e4)],
          [drawRows(400, columns, 3, 0, 1e17), drawRows(labelledRows, columns, 6, 0, 1e17)],
        ] as const) {
          const task = { own, labelled, rank: permutation(own.rows, createRandom(columns)) };
          const picks = await farthestPortable(task, 100, pace, products);
          assert.deepEqual(picks, await farthestPortable(task, 100, pace));
        }
      }
    }
  });

  it("are taken of many items together: of labelled ones first, of picks as items fall far behind", async () => {
    const watched = counted(products!);
    const task = {
      own: drawRows(1200, 64, 7),
      labelled: drawRows(700, 64, 8),
      rank: permutation(1200, createRandom(0)),
    };
    await farthestPortable(task, 200, pace, watched);
    assert.deepEqual(watched.calls[0], [1024, 512]);
    const labelledFirst = watched.calls.slice(0, 4).map(([, centres]) => centres);
    assert.deepEqual(labelledFirst, [512, 188, 512, 188]);
    assert.ok(watched.calls.length > 4 && watched.calls.length < 20, `${watched.calls.length} calls`);
  });

  it("find the same nearest centres, with the same distances", async () => {
    for (const columns of [1, 17, 40]) {
      for (const centreRows of [1, 5, 600]) {
        for (const [offset, scale] of [
          [0, 1],
          [1e3, 1],
          [0, 1e30],
        ] as const) {
          const points = withTies(drawRows(1200, columns, 9, offset, scale));
          const centres = withTies(drawRows(centreRows, columns, 10, offset, scale));
          const start = () => Uint32Array.from({ length: 1200 }, (_, i) => i % centreRows);
          const task = (): NearestTask => ({ points, centres, nearest: start(), distances: new Float64Array(1200) });
          const [ours, portable] = [task(), task()];
          await findNearestByProducts(ours, products!, pace);
          await findNearestPortable(portable, pace);
          assert.deepEqual(ours, portable);
        }
      }
    }
  });
});
