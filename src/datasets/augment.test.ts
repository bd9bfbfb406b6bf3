import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../core/random.ts";
import { augment } from "./augment.ts";

const size = { width: 6, height: 5, channels: 3 } as const;
const pictureBytes = 6 * 5 * 3;

/** Every byte of a batch is different from its neighbours and none is 0, so that padding can be told apart. */
const batchOf = (pictures: number) =>
  Uint8Array.from({ length: pictures * pictureBytes }, (_, i) => 1 + ((i * 7) % 251));

/** The plain definition: pixel (x, y) of the outcome is (x + dx, y + dy) of the picture, mirrored or not. */
function moved(picture: Uint8Array, mirrored: boolean, dx: number, dy: number): Uint8Array {
  return picture.map((_, i) => {
    const x = (i % 6) + dx;
    const y = (Math.floor(i / 6) % 5) + dy;
    if (x < 0 || x >= 6 || y < 0 || y >= 5) return 0;
    return picture[Math.floor(i / 30) * 30 + y * 6 + (mirrored ? 5 - x : x)]!;
  });
}

function allMoves(picture: Uint8Array, flips: boolean[], padding: number): Map<string, string> {
  const shifts = Array.from({ length: 2 * padding + 1 }, (_, i) => i - padding);
  const moves = flips.flatMap((flip) => shifts.flatMap((dx) => shifts.map((dy) => ({ flip, dx, dy }))));
  return new Map(moves.map((m) => [String(moved(picture, m.flip, m.dx, m.dy)), `${m.flip} ${m.dx} ${m.dy}`]));
}

describe("augment", () => {
  for (const flip of [false, true]) {
    for (const cropPaddingPx of [0, 2, 7]) {
      test(`gives every flip and crop and nothing else (flip ${flip}, padding ${cropPaddingPx} px)`, () => {
        const pictures = 6000;
        const picture = batchOf(1);
        const from = new Uint8Array(pictures * pictureBytes);
        for (let i = 0; i < pictures; i++) from.set(picture, i * pictureBytes);
        const into = new Uint8Array(from.length);
        augment(from, into, size, { flip, cropPaddingPx }, createRandom(3, "augment"));
        const allowed = allMoves(picture, flip ? [false, true] : [false], cropPaddingPx);
        const seen = new Set<string>();
        for (let i = 0; i < pictures; i++) {
          const outcome = String(into.subarray(i * pictureBytes, (i + 1) * pictureBytes));
          assert.ok(allowed.has(outcome));
          seen.add(outcome);
        }
        assert.equal(seen.size, allowed.size);
      });
    }
  }

  test("gives the same from the same stream, and leaves its source as it was", () => {
    const from = batchOf(9);
    const outcomes = [1, 1, 2].map((seed) => {
      const into = new Uint8Array(from.length);
      augment(from, into, size, { flip: true, cropPaddingPx: 2 }, createRandom(seed, "augment"));
      return into;
    });
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.notDeepEqual(outcomes[0], outcomes[2]);
    assert.deepEqual(from, batchOf(9));
  });

  test("copies when nothing is asked for", () => {
    const from = batchOf(4);
    const into = new Uint8Array(from.length);
    augment(from, into, size, { flip: false, cropPaddingPx: 0 }, createRandom(1));
    assert.deepEqual(into, from);
  });

  test("refuses buffers that do not hold whole pictures or differ in size", () => {
    const random = createRandom(1);
    const off = { flip: false, cropPaddingPx: 0 };
    assert.throws(() => augment(new Uint8Array(91), new Uint8Array(91), size, off, random), /91 bytes/);
    assert.throws(() => augment(batchOf(2), batchOf(1), size, off, random), /180 bytes into 90/);
  });
});
