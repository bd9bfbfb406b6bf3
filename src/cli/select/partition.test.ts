import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesInParts, partitionWithin, smallestPartition } from "./partition.ts";

const work = { items: 10_000, columns: 128, labelled: 100, count: 50, readingBytes: 1000 };

test("the fewest parts are taken that fit, and all items are in them", () => {
  for (const bytes of [1_200_000, 2_000_000, 3_000_000, 10_000_000]) {
    const { parts, rowsPerPart } = partitionWithin(bytes, work)!;
    assert.ok(bytesInParts(work, parts) <= bytes, `${parts} parts in ${bytes} bytes`);
    assert.ok(parts === 1 || bytesInParts(work, parts - 1) > bytes, `${parts} parts in ${bytes} bytes`);
    assert.ok(parts * rowsPerPart >= work.items && (parts - 1) * rowsPerPart < work.items);
  }
  assert.equal(partitionWithin(10_000_000, work)!.parts, 1);
});

test("labelled items, the picks of every part and what reading takes count too", () => {
  const bytes = bytesInParts(work, 10);
  assert.equal(bytesInParts({ ...work, labelled: 101 }, 10) - bytes, 512);
  assert.equal(bytesInParts({ ...work, count: 51 }, 10) - bytes, 10 * (1024 + 20));
  assert.equal(bytesInParts({ ...work, readingBytes: 1001 }, 10) - bytes, 1);
});

test("where no number of parts fits, there is none, and the least memory that would do is known", () => {
  const least = bytesInParts(work, smallestPartition(work).parts);
  assert.equal(partitionWithin(least - 1, work), null);
  assert.notEqual(partitionWithin(least, work), null);
});

test("no part has so few items that all of them would be picked", () => {
  const { rowsPerPart } = smallestPartition({ ...work, count: 4000, readingBytes: 0 });
  assert.ok(rowsPerPart >= 4000);
  assert.deepEqual(smallestPartition({ ...work, count: 9000 }), { parts: 1, rowsPerPart: 10_000 });
});
