// Who may work in a run folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { lockFolder } from "./lock.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "foreloss-lock-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function writeLock(folder: string, holder: { pid: number; host?: string; identity?: string | null }): Promise<void> {
  const whole = { host: hostname(), identity: null, since: "2020-01-01T00:00:00.000Z", ...holder };
  return writeFile(join(folder, "run.lock"), JSON.stringify(whole));
}

/** The pid of a process that is over. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
  return child.pid!;
}

test("a lock names its holder while it is held and leaves nothing behind", () =>
  inFolder(async (folder) => {
    const release = await lockFolder(folder);
    const { pid } = JSON.parse(await readFile(join(folder, "run.lock"), "utf8")) as { pid: number };
    assert.equal(pid, process.pid);
    assert.deepEqual(await readdir(folder), ["run.lock"]);
    await release();
    assert.deepEqual(await readdir(folder), []);
  }));

test("of many who want a folder at the same time one gets it", () =>
  inFolder(async (folder) => {
    await writeLock(folder, { pid: await deadPid() });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.deepEqual(await readdir(folder), ["run.lock"]);
  }));

test("the lock of a process that is over is taken over", () =>
  inFolder(async (folder) => {
    await writeLock(folder, { pid: await deadPid() });
    await (await lockFolder(folder))();
  }));

test("a lock that a power cut left empty is taken over", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "run.lock"), "");
    await (await lockFolder(folder))();
  }));

test("a process that got the pid of a dead holder is not taken for it", { skip: noStartTimes() }, () =>
  inFolder(async (folder) => {
    await writeLock(folder, { pid: process.ppid, identity: "an earlier boot/1" });
    await (await lockFolder(folder))();
  }),
);

test("the lock of a process on another machine is respected, and the message says what to do", () =>
  inFolder(async (folder) => {
    await writeLock(folder, { pid: 1, host: "elsewhere" });
    await assert.rejects(lockFolder(folder), (error: Error & { hint?: string }) => {
      assert.match(error.message, /process 1 on elsewhere works on this run since 2020/);
      assert.match(error.hint ?? "", /delete .*run\.lock/);
      return true;
    });
  }));

function noStartTimes(): string | false {
  return process.platform === "linux" ? false : "this system does not tell when a process began";
}
