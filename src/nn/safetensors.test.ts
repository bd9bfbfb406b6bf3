import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRandom, type Random } from "../core/random.ts";
import { decodeSafetensors, encodeSafetensors, readSafetensors, type TensorToStore } from "./safetensors.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));

/** A file with this header (an object, or its text) and this many zero bytes of data. */
function file(header: object | string, dataLength = 0): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, text, Buffer.alloc(dataLength)]);
}

const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

test("what is written is read back bit for bit, with shapes and metadata", () => {
  const tensors = new Map<string, TensorToStore>([
    ["w", { shape: [2, 3], values: Float32Array.of(1, -0, 1e-40, Number.POSITIVE_INFINITY, Number.NaN, -3.5) }],
    ["scalar", { shape: [], values: Float32Array.of(7) }],
    ["nothing", { shape: [0, 4], values: new Float32Array() }],
  ]);
  const back = decodeSafetensors(encodeSafetensors(tensors, { epoch: "3", "": "ü" }), "test");
  assert.deepEqual(back.metadata, { epoch: "3", "": "ü" });
  assert.deepEqual([...back.tensors.keys()].sort(), ["nothing", "scalar", "w"]);
  for (const [name, { shape, values }] of tensors) {
    assert.deepEqual(back.tensors.get(name)!.shape, shape);
    assert.equal(back.tensors.get(name)!.dtype, "F32");
    assert.deepEqual(bits(back.tensors.get(name)!.values), bits(values));
  }
});

test("the bytes do not depend on the order of tensors and metadata, and the numbers begin at a multiple of 8 bytes", () => {
  const one = (value: number) => ({ shape: [1], values: Float32Array.of(value) });
  const entries: [string, TensorToStore][] = [
    ["b", one(1)],
    ["10", one(2)],
    ["a.9", one(3)],
  ];
  const bytes = encodeSafetensors(new Map(entries), { x: "1", a: "2" });
  assert.deepEqual(bytes, encodeSafetensors(new Map(entries.reverse()), { a: "2", x: "1" }));
  assert.equal((bytes.length - 3 * 4) % 8, 0);
});

test("random tensors survive the way there and back, also inside a larger buffer", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = createRandom(seed, "safetensors");
    const tensors = new Map(Array.from({ length: random.integer(6) }, () => [randomName(random), anyTensor(random)]));
    const bytes = encodeSafetensors(tensors);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const back = decodeSafetensors(shifted.subarray(3), "test").tensors;
    assert.equal(back.size, tensors.size, `seed ${seed}`);
    for (const [name, tensor] of tensors) {
      assert.deepEqual({ ...back.get(name), dtype: undefined }, { ...tensor, dtype: undefined }, `seed ${seed}`);
    }
  }
});

function randomName(random: Random): string {
  const letters = ["a", "1", ".", '"', "\\", "{", "é", "🙂", "\n", "__proto__", ":"];
  return Array.from({ length: random.integer(8) }, () => letters[random.integer(letters.length)]).join("");
}

function anyTensor(random: Random): TensorToStore {
  const shape = Array.from({ length: random.integer(4) }, () => random.integer(4));
  const count = shape.reduce((product, extent) => product * extent, 1);
  return { shape, values: Float32Array.from({ length: count }, () => random.normal()) };
}

test("our bytes equal those of the Python package for the same tensors", async () => {
  const path = fixture("safetensors-plain.safetensors");
  const { tensors, metadata } = await readSafetensors(path);
  assert.deepEqual(metadata, { "made by": "Python" });
  assert.deepEqual(tensors.get('größe "2"\n')!.values, Float32Array.of(2));
  assert.deepEqual(tensors.get("layer1.0.conv1.weight")!.shape, [2, 3, 2, 2]);
  assert.deepEqual(
    tensors.get("layer1.0.conv1.weight")!.values,
    Float32Array.from({ length: 24 }, (_, i) => i / 8),
  );
  assert.deepEqual(Buffer.from(encodeSafetensors(tensors, metadata)), await readFile(path));
});

test("every number format is read as PyTorch converts it", async () => {
  const { tensors } = await readSafetensors(fixture("safetensors-dtypes.safetensors"));
  const names = [...tensors.keys()].filter((name) => !name.endsWith(".float32"));
  assert.equal(names.length, 13);
  for (const name of names) {
    const { dtype, values } = tensors.get(name)!;
    assert.equal(dtype, name);
    const expected = tensors.get(`${name}.float32`)!.values;
    // NaN carries no more than being NaN.
    const canonical = (numbers: Float32Array) => bits(numbers.map((x) => (Number.isNaN(x) ? Number.NaN : x)));
    assert.deepEqual(canonical(values), canonical(expected), name);
  }
});

describe("a damaged file is refused, with the file and the tensor named", () => {
  const f32 = (shape: number[], begin: number, end: number) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  const cases: [string, Uint8Array, RegExp][] = [
    ["empty file", new Uint8Array(), /^x\.safetensors: 0 bytes long, too short/],
    ["7 bytes", new Uint8Array(7), /7 bytes long, too short/],
    ["a header above the limit", file("").fill(255, 0, 8), /a header of 18446744073709551615 bytes, more than/],
    ["a file that ends in its header", file('{"a":').subarray(0, 11), /ends within its header \(11 bytes of 13\)/],
    ["a header that is no JSON", file('{"a":'), /the header is not JSON/],
    ["a header that is no UTF-8", file('{"a?":1}').fill(0xff, 11, 12), /the header is not JSON/],
    ["a header that is no object", file("[]"), /does not begin with "\{"/],
    ["leading spaces", file(" {}"), /does not begin with "\{"/],
    ["one name twice", file('{"a":{},"b":{},"\\u0061":{}}'), /"a" stands twice in one object/],
    ["one field twice", file('{"a":{"dtype":"F32", "dtype" :"F16"}}'), /"dtype" stands twice/],
    ["metadata that are no texts", file({ __metadata__: { epoch: 3 } }), /"__metadata__" in the header is not/],
    ["an entry without shape", file({ a: { dtype: "F32", data_offsets: [0, 0] } }), /tensor "a": .* wrong at shape/],
    ["an entry that is a number", file({ a: 3 }), /tensor "a": its entry in the header is wrong at the top/],
    ["a negative extent", file({ a: f32([-1], 0, 4) }, 4), /tensor "a": .* wrong at shape\.0/],
    ["half an extent", file({ a: f32([0.5], 0, 2) }, 2), /tensor "a": .* wrong at shape\.0/],
    ["an unknown format", file({ a: { ...f32([], 0, 4), dtype: "F4" } }, 4), /tensor "a": numbers of type "F4".*F64/],
    ["the name of a method as format", file({ a: { ...f32([], 0, 4), dtype: "toString" } }, 4), /"toString"/],
    ["fewer bytes than the shape", file({ a: f32([2], 0, 4) }, 4), /tensor "a": 4 bytes .*F32 \[2\] takes 8/],
    ["a shape beyond all numbers", file({ a: f32([2 ** 53 - 1, 2 ** 53 - 1], 0, 4) }, 4), /tensor "a": 4 bytes/],
    ["an end before the beginning", file({ a: f32([1], 4, 0) }, 4), /tensor "a": -4 bytes/],
    ["overlap", file({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), /tensor "b": begins at byte 4, within/],
    ["a gap", file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /tensor "b": begins at byte 8 and leaves a gap/],
    ["a gap at the start", file({ a: f32([1], 4, 8) }, 8), /tensor "a": begins at byte 4 and leaves a gap from 0/],
    ["missing data", file({ a: f32([2], 0, 8) }, 7), /tensor "a": ends at byte 8 of the data, which is 7/],
    ["data that belong to nothing", file({ a: f32([1], 0, 4) }, 9), /5 bytes after the last tensor/],
  ];
  for (const [name, bytes, message] of cases) {
    test(name, () => {
      assert.throws(() => decodeSafetensors(bytes, "x.safetensors"), { name: "ForelossError", message });
    });
  }
});

test("a file cut anywhere is refused", async () => {
  const bytes = await readFile(fixture("safetensors-plain.safetensors"));
  for (let length = 0; length < bytes.length; length += 5) {
    assert.throws(() => decodeSafetensors(bytes.subarray(0, length), "cut"), {
      name: "ForelossError",
      message: /^cut: /,
    });
  }
});

test("a tensor whose values do not fit its shape, or with the name the format keeps, is not written", () => {
  const write = (name: string, shape: number[]) => () =>
    encodeSafetensors(new Map([[name, { shape, values: Float32Array.of(1, 2) }]]));
  assert.throws(write("fc.bias", [3]), { message: /tensor "fc\.bias": 2 numbers for the shape \[3\], which needs 3/ });
  assert.throws(write("__metadata__", [2]), { message: /a tensor named "__metadata__"/ });
});

describe("reading from disk", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "foreloss-"));
  });
  after(() => rm(folder, { recursive: true }));

  test("only the wanted tensors are given", async () => {
    const { tensors } = await readSafetensors(fixture("safetensors-plain.safetensors"), (name) => name === "bn1.bias");
    assert.deepEqual([...tensors.keys()], ["bn1.bias"]);
    assert.deepEqual(tensors.get("bn1.bias")!.values, Float32Array.of(-0.5, 1.5));
  });

  test("a file cut on the disk is refused, even where the wanted tensor is whole", async () => {
    const path = join(folder, "cut.safetensors");
    const bytes = await readFile(fixture("safetensors-plain.safetensors"));
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(
      readSafetensors(path, (name) => name === "10"),
      { name: "ForelossError", message: /cut\.safetensors: tensor .* ends at byte/ },
    );
  });

  test("a missing file and a folder are errors that name the path", async () => {
    const missing = join(folder, "none.safetensors");
    await assert.rejects(readSafetensors(missing), { name: "ForelossError", message: /none\.safetensors: .*ENOENT/ });
    await assert.rejects(readSafetensors(folder), { name: "ForelossError", message: /not a file/ });
  });
});
