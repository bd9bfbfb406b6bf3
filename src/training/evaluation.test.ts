// Inference over items: what is done when a task wants mirrored pictures seen too.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Executable } from "../engine/index.ts";
import type { InferredOutputs } from "../tasks/task.ts";
import { inferInParts } from "./evaluation.ts";

const imageSize = { channels: 3, height: 1, width: 2 } as const;
/** Item n has the bytes 10n to 10n + 5. */
const split = {
  read: async (positions: Uint32Array, into: Uint8Array) => {
    positions.forEach((position, i) => {
      for (let b = 0; b < 6; b++) into[6 * i + b] = 10 * position + b;
    });
  },
};
/** Gives the bytes back, in one and the same array at every run. */
const values = new Float32Array(12);
const echo = {
  run: async ({ pictures }: { pictures: Uint8Array }) => {
    values.set(pictures);
    return { seen: { dtype: "float32", shape: [2, 6], values } };
  },
} as unknown as Executable;

async function infer(task: Parameters<typeof inferInParts>[0]["task"]): Promise<number[][]> {
  const inference = { executable: echo, batch: 2, imageSize, task };
  const rows: number[][] = [];
  for await (const { count, outputs } of inferInParts(inference, split, Uint32Array.of(0, 1, 2), undefined)) {
    const { shape, values } = outputs.seen!;
    assert.deepEqual(shape, [count, 6]);
    rows.push(Array.from(values));
  }
  return rows;
}

test("the last part is cut to its items", async () => {
  assert.deepEqual(await infer({}), [
    [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15],
    [20, 21, 22, 23, 24, 25],
  ]);
});

test("a task that merges gets each part and the same of pictures whose rows run the other way", async () => {
  const pairs: number[][][] = [];
  const mergeMirrored = (own: InferredOutputs, mirrored: InferredOutputs) => {
    pairs.push([own, mirrored].map(({ outputs }) => Array.from(outputs.seen!.values)));
    return mirrored;
  };
  const rows = await infer({ mergeMirrored });
  assert.deepEqual(pairs[1], [
    [20, 21, 22, 23, 24, 25],
    [21, 20, 23, 22, 25, 24],
  ]);
  assert.deepEqual(rows, [[1, 0, 3, 2, 5, 4, 11, 10, 13, 12, 15, 14], pairs[1]![1]]);
});
