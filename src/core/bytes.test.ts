import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, parseBytes } from "./bytes.ts";

test("a size is a number with its unit, of a thousand or of 1024", () => {
  const sizes = ["2GB", "1.5 mb", "32 KiB", "1 GiB", "700B"];
  assert.deepEqual(sizes.map(parseBytes), [2e9, 1.5e6, 32_768, 2 ** 30, 700]);
});

test("what is no size is none: without a unit, of nothing, below nothing, with something behind", () => {
  for (const text of ["2", "GB", "0GB", "0.1B", "-2GB", "2 GB of it", "1e9B", "99999999TB", ""])
    assert.equal(parseBytes(text), null, text);
});

test("a size is written to three digits and rounded up, so that it is enough when it is typed again", () => {
  assert.deepEqual([5_120_000_000, 5_120_000_001, 999_999, 32e6, 17, 1e15].map(formatBytes), [
    "5.12 GB",
    "5.13 GB",
    "1 MB",
    "32 MB",
    "17 B",
    "1000 TB",
  ]);
  for (const bytes of [1, 999, 1001, 123_456_789, 9_876_543_210_123])
    assert.ok(parseBytes(formatBytes(bytes))! >= bytes, String(bytes));
});
