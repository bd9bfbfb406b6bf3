// Writing a file in one step.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeFileAtomic } from "./write-file-atomic.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "foreloss-write-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a file is replaced and nothing else is left in its folder", () =>
  inFolder(async (folder) => {
    const path = join(folder, "results.json");
    await writeFileAtomic(path, "old and long");
    await writeFileAtomic(path, new Uint8Array([110, 101, 119]));
    assert.equal(await readFile(path, "utf8"), "new");
    assert.deepEqual(await readdir(folder), ["results.json"]);
  }));

test("folders that are missing are made", () =>
  inFolder(async (folder) => {
    await writeFileAtomic(join(folder, "a", "b", "c.txt"), "here");
    assert.equal(await readFile(join(folder, "a", "b", "c.txt"), "utf8"), "here");
  }));

test("writes of one path at the same time leave one of them whole", () =>
  inFolder(async (folder) => {
    const path = join(folder, "x");
    const contents = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    assert.ok(contents.includes(await readFile(path, "utf8")));
    assert.deepEqual(await readdir(folder), ["x"]);
  }));

test("when the target cannot be replaced the error comes through and no temporary file stays", () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, "taken", "inside"), { recursive: true });
    await assert.rejects(writeFileAtomic(join(folder, "taken"), "x"), { syscall: "rename" });
    assert.deepEqual(await readdir(folder), ["taken"]);
  }));
