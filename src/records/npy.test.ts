// .npy files, there and back and as NumPy writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeNpy, encodeNpy } from "./npy.ts";

/** numpy.save of [[1.5, -2], [3, 4], [5, 6]], made by NumPy 2.4.6. */
const fromNumpy = Buffer.from(
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAIBAAACgQAAAwEA=",
  "base64",
);
/** numpy.save of [[1.5, -2]] as float64. */
const doubles = Buffer.from(
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAAAAAAAADA",
  "base64",
);
const matrix = { rows: 3, columns: 2, values: Float32Array.of(1.5, -2, 3, 4, 5, 6) };

test("a matrix is written byte for byte as NumPy writes it", () => {
  assert.deepEqual(Buffer.from(encodeNpy(matrix)), fromNumpy);
});

test("files of NumPy are read, float32 and float64, wherever in memory they lie", () => {
  assert.deepEqual(decodeNpy(fromNumpy, "e.npy"), matrix);
  assert.deepEqual(decodeNpy(doubles, "e.npy"), { rows: 1, columns: 2, values: Float32Array.of(1.5, -2) });
  const shifted = Buffer.concat([Buffer.alloc(1), fromNumpy]).subarray(1);
  assert.deepEqual(decodeNpy(shifted, "e.npy"), matrix);
});

test("an array stored column by column is read row by row", () => {
  const { values } = decodeNpy(edited("False", "True "), "e.npy");
  assert.deepEqual([...values], [1.5, 4, -2, 5, 3, 6]);
});

const edited = (from: string, to: string) => Buffer.from(fromNumpy.toString("latin1").replace(from, to), "latin1");
const refused: readonly [string, Uint8Array, RegExp][] = [
  ["something else", Buffer.from("item,entropy\n1,2\n"), /not a NumPy file/],
  ["an empty file", Buffer.alloc(0), /not a NumPy file/],
  ["a file that ends in its header", fromNumpy.subarray(0, 40), /ends within its header/],
  ["texts", edited("<f4", "<U1"), /holds texts; numbers are needed/],
  ["Python objects", edited("<f4", "|O "), /holds entries of type "\|O "; needs numbers/],
  ["three dimensions", edited("(3, 2), }", "(3,2,1),}"), /shape \(3, 2, 1\); needs \[items, dimensions\]/],
  ["a file cut short", fromNumpy.subarray(0, -1), /23 bytes of entries, its shape \(3, 2\) promises 24/],
];
for (const [what, bytes, message] of refused) {
  test(`${what} is refused`, () => {
    assert.throws(() => decodeNpy(bytes, "e.npy"), { name: "ForelossError", message });
  });
}
