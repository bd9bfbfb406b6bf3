import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type MatValue, readMatFile } from "./mat-file.ts";

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/mat-files.json", import.meta.url), "utf8"),
) as Record<"plain" | "compressed" | "mpii", string> & { cube: { shape: number[]; values: number[] } };
const file = (name: "plain" | "compressed" | "mpii") => Buffer.from(fixture[name], "base64");

const numbers = (shape: number[], ...values: number[]): MatValue => ({
  ...{ kind: "numbers", shape },
  values: Float64Array.from(values),
});

for (const name of ["plain", "compressed"] as const) {
  test(`everything in a ${name} file written by SciPy is read as it was`, () => {
    const variables = readMatFile(file(name), "a.mat");
    const { shape, values } = fixture.cube;
    assert.deepEqual(variables.get("cube"), numbers(shape, ...values));
    assert.deepEqual(variables.get("bytes"), numbers([1, 5], 0, 1, 2, 3, 4));
    assert.deepEqual(variables.get("halves"), numbers([1, 2], 0.5, -1.25));
    assert.deepEqual(variables.get("wide"), numbers([1, 2], 2 ** 40, -7));
    assert.deepEqual(variables.get("single"), numbers([1, 1], Math.fround(0.1)));
    assert.deepEqual(variables.get("flags"), numbers([1, 2], 1, 0));
    assert.deepEqual(variables.get("name"), { kind: "text", text: "left knee" });
    const cells = [{ kind: "text", text: "knee" }, numbers([1, 3], 0, 1, 2)];
    assert.deepEqual(variables.get("cells"), { kind: "cells", shape: [1, 2], cells });
    const structs = [
      new Map<string, unknown>([
        ["id", numbers([1, 1], 1)],
        ["name", { kind: "text", text: "a" }],
      ]),
      new Map([
        ["id", numbers([1, 1], 2)],
        ["name", numbers([0, 0])],
      ]),
    ];
    assert.deepEqual(variables.get("person"), { kind: "structs", shape: [1, 2], structs });
  });
}

/** A file of one variable `x` = 1.5, with its numbers beginning with the highest byte. */
function bigEndian(): Buffer {
  const bytes = Buffer.alloc(128 + 64);
  bytes.writeUInt16BE(0x0100, 124);
  bytes.write("MI", 126, "latin1");
  const words = [14, 56, 6, 8, 6, 0, 5, 8, 1, 1, (1 << 16) | 1, 0x78000000, 9, 8];
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word, 128 + 4 * i);
  bytes.writeDoubleBE(1.5, 128 + 4 * words.length);
  return bytes;
}

test("a file of the other byte order is read", () => {
  assert.deepEqual(readMatFile(bigEndian(), "b.mat"), new Map([["x", numbers([1, 1], 1.5)]]));
});

test("a file cut off anywhere is an error with its name, never half its content or a crash", () => {
  const whole = file("plain");
  for (let length = 0; length < whole.length; length += 13) {
    let names: string[] = [];
    try {
      names = [...readMatFile(whole.subarray(0, length), "cut.mat").keys()];
    } catch (error) {
      assert.match(String(error), /^ForelossError: cut\.mat: /, `${length} bytes`);
      continue;
    }
    // It ended just between two variables.
    assert.ok(names.length < 9, `${length} bytes`);
  }
  const damaged = file("compressed");
  damaged.fill(0, 150, 170);
  assert.throws(() => readMatFile(damaged, "d.mat"), /d\.mat: /);
});

test("other files are told apart: text, version 7.3", () => {
  assert.throws(() => readMatFile(Buffer.from("joints\n"), "x.mat"), /x\.mat: 7 bytes; not a MAT-file/);
  const hdf = Buffer.alloc(600);
  hdf.writeUInt16LE(0x0200, 124);
  hdf.write("IM", 126, "latin1");
  assert.throws(() => readMatFile(hdf, "x.mat"), /version 7\.3; save it anew with save\(\.\.\., '-v7'\)/);
  assert.throws(() => readMatFile(Buffer.alloc(200), "x.mat"), /not a MAT-file of level 5/);
});
