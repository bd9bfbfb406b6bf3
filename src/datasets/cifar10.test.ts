import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import sharp from "sharp";
import { ForelossError } from "../core/errors.ts";
import { openDataset } from "./open-dataset.ts";

const names = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");

/** Records whose label is their number (mod 10) and whose bytes tell the file, the record and the place apart. */
function records(file: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (file * 31 + Math.floor(i / 3073) * 17 + (i % 3073)) % 256;
  for (let record = 0; record < count; record++) bytes[record * 3073] = (file + record) % 10;
  return bytes;
}

async function writeCifar10(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const batch of [1, 2, 3, 4, 5]) await writeFile(path.join(folder, `data_batch_${batch}.bin`), records(batch, 3));
  await writeFile(path.join(folder, "test_batch.bin"), records(0, 4));
  await writeFile(path.join(folder, "batches.meta.txt"), `${names.join("\n")}\n\n`);
}

const open = (dataFolder: string | null, limits: { trainLimit?: number; testLimit?: number } = {}) =>
  openDataset({ kind: "cifar10", trainLimit: null, testLimit: null, ...limits }, { dataFolder });

const complains = (...parts: RegExp[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof ForelossError, String(error));
    for (const part of parts) assert.match(`${error.message} | ${error.hint}`, part);
    return true;
  };
};

describe("CIFAR-10", () => {
  let root: string;
  let folder: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "foreloss-cifar10-"));
  });
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(root, "case-")), "files");
    await writeCifar10(folder);
  });
  after(() => rm(root, { recursive: true }));

  test("reads labels, ids and pictures in the files' order", async () => {
    const data = await open(folder);
    assert.deepEqual(data.classNames, names);
    assert.deepEqual(data.imageSize, { width: 32, height: 32, channels: 3 });
    assert.equal(data.train.ids.length, 15);
    assert.deepEqual(
      [data.train.ids[0], data.train.ids[14], data.test.ids[3]],
      ["train/00000", "train/00014", "test/00003"],
    );
    assert.deepEqual([...data.train.labels], [1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6, 5, 6, 7]);
    const into = new Uint8Array(2 * 3072);
    await data.train.read(Uint32Array.of(13, 0), into);
    assert.deepEqual(into.subarray(0, 3072), records(5, 3).subarray(3073 + 1, 2 * 3073));
    assert.deepEqual(into.subarray(3072), records(1, 3).subarray(1, 3073));
  });

  for (const inside of ["cifar10", "cifar-10-batches-bin"]) {
    test(`is found in a sub-folder ${inside}/ of the data folder`, async () => {
      await writeCifar10(path.join(root, inside, inside));
      assert.equal((await open(path.join(root, inside))).test.ids.length, 4);
    });
  }

  test("takes the first pictures when limited, across files", async () => {
    const [some, all] = [await open(folder, { trainLimit: 5, testLimit: 100 }), await open(folder)];
    assert.deepEqual(some.train.ids, all.train.ids.slice(0, 5));
    assert.deepEqual([...some.train.labels], [...all.train.labels].slice(0, 5));
    assert.equal(some.test.ids.length, 4);
    assert.notEqual(some.digest, all.digest);
  });

  test("has a digest that one changed byte changes, and nothing else", async () => {
    const { digest } = await open(folder);
    assert.equal((await open(folder)).digest, digest);
    const changed = records(3, 3);
    changed[4000]! ^= 1;
    await writeFile(path.join(folder, "data_batch_3.bin"), changed);
    assert.notEqual((await open(folder)).digest, digest);
  });

  test("shows a picture as PNG with its own colours", async () => {
    const { mime, bytes } = await (await open(folder)).train.thumbnail(0, 64);
    assert.equal(mime, "image/png");
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [32, 32, 3]);
    const planes = records(1, 1).subarray(1);
    assert.deepEqual([...data.subarray(3 * 40, 3 * 41)], [planes[40], planes[1024 + 40], planes[2048 + 40]]);
  });

  test("names the file, its size and what was expected when a file is cut off", async () => {
    await writeFile(path.join(folder, "data_batch_4.bin"), records(4, 3).subarray(0, 5000));
    await assert.rejects(
      open(folder, { trainLimit: 1 }),
      complains(/data_batch_4\.bin: 5000 bytes/, /3073/, /30730000/),
    );
    await writeFile(path.join(folder, "data_batch_4.bin"), "");
    await assert.rejects(open(folder), complains(/data_batch_4\.bin: 0 bytes/));
  });

  test("names the record of a label out of range", async () => {
    const wrong = records(0, 4);
    wrong[2 * 3073] = 10;
    await writeFile(path.join(folder, "test_batch.bin"), wrong);
    await assert.rejects(open(folder), complains(/test_batch\.bin: label 10 in record 2; expected 0 to 9/));
  });

  test("says which class names are expected when the list is wrong", async () => {
    await writeFile(path.join(folder, "batches.meta.txt"), "cat\ndog\n");
    await assert.rejects(open(folder), complains(/batches\.meta\.txt: expected 10 different class names/, /found 2/));
  });

  test("lists the files that are missing", async () => {
    await rm(path.join(folder, "data_batch_2.bin"));
    await rm(path.join(folder, "test_batch.bin"));
    await assert.rejects(open(folder), complains(/missing: data_batch_2\.bin, test_batch\.bin/, /--download/));
  });

  test("says where it looked when there is nothing, and what the folder should hold", async () => {
    const empty = await mkdtemp(path.join(root, "empty-"));
    await assert.rejects(open(empty), complains(/data_batch_1\.bin in/, /cifar-10-batches-bin/, /--download/));
    await assert.rejects(open(null), complains(/no data folder was given/, /--data/));
  });

  test("tells the Python version from the binary one", async () => {
    const python = await mkdtemp(path.join(root, "python-"));
    await writeFile(path.join(python, "batches.meta"), "");
    await assert.rejects(open(python), complains(/Python version/));
  });

  test("suggests the folder that was probably meant", async () => {
    await assert.rejects(open(`${folder.slice(0, -1)}/deeper`), complains(/no such folder; did you mean ".*files"\?/));
  });

  const real = process.env.FORELOSS_DATA;
  const skip = real === undefined && "FORELOSS_DATA is not set: no real CIFAR-10 to open";
  test("opens the real data set with its 60,000 pictures", { skip }, async () => {
    const data = await open(real!);
    assert.deepEqual(data.classNames, names);
    for (const [split, perClass] of [
      [data.train, 5000],
      [data.test, 1000],
    ] as const) {
      const counts = names.map((_, label) => [...split.labels].filter((l) => l === label).length);
      assert.deepEqual(
        counts,
        names.map(() => perClass),
      );
    }
    const pixels = new Uint8Array(data.test.ids.length * 3072);
    await data.test.read(Uint32Array.from(data.test.ids.keys()), pixels);
    data.normalisation.mean.forEach((mean, channel) => {
      let sum = 0;
      for (let i = 0; i < pixels.length; i++) if (Math.floor(i / 1024) % 3 === channel) sum += pixels[i]!;
      const found = sum / (pixels.length / 3) / 255;
      assert.ok(Math.abs(found - mean) < 0.01, `channel ${channel}: mean ${found}, published for training ${mean}`);
    });
  });
});
