// Runs killed by SIGKILL at moments drawn from a seed and started again, until they get through: they must end with the
// picks and figures of a run left alone, in a folder that looks no different.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../src/core/random.ts";
import { withoutTimes } from "../src/experiments/run/testing/fake-run.ts";
import type { Results } from "../src/records/results.ts";

interface Kill {
  /** How many things happen first ... */
  readonly afterLines: number;
  /** ... and how long it is waited then. */
  readonly waitMs: number;
}

/** Gives the lines the run printed, and whether it got to its end. */
async function runOnce(folder: string, kind: string, kill?: Kill): Promise<{ lines: number; finished: boolean }> {
  const script = join(import.meta.dirname, "kill-child.ts");
  const child = spawn(process.execPath, [script, folder, kind], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => {
    complaints += text.toString();
  });
  let lines = 0;
  for await (const _ of createInterface(child.stdout)) {
    if (++lines === kill?.afterLines) void sleep(kill.waitMs).then(() => child.kill("SIGKILL"));
  }
  const code = await ended;
  assert.ok(code === 0 || child.signalCode === "SIGKILL", `exit ${code}\n${complaints}`);
  return { lines, finished: code === 0 };
}

/** What can be read at any moment must be whole. */
async function assertNothingHalfWritten(folder: string): Promise<void> {
  const paths = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const whole = paths.filter((path) => path.endsWith(".json") && !path.includes(".tmp"));
  for (const path of whole) JSON.parse(await readFile(join(folder, path), "utf8"));
  const checkpoints = paths.filter((path) => /(^|[/\\])cycle-\d+$/.test(path) && !path.includes(".tmp"));
  for (const path of checkpoints) assert.ok(paths.includes(join(path, "fit-report.json")), path);
}

async function figures(folder: string): Promise<unknown> {
  return withoutTimes(JSON.parse(await readFile(join(folder, "results.json"), "utf8")) as Results);
}

for (const { kind, kills } of [
  { kind: "fake", kills: 6 },
  { kind: "made-up", kills: 2 },
]) {
  test(`a ${kind} run killed ${kills} times ends with the picks, figures and files of one left alone`, async () => {
    const parent = await mkdtemp(join(tmpdir(), "foreloss-kill-"));
    const [alone, killed] = [join(parent, "alone"), join(parent, "killed")];
    try {
      const { lines } = await runOnce(alone, kind);
      const random = createRandom(0, "kill", kind);
      for (let time = 0; time < kills; time++) {
        // Early enough that the run is seldom through before the last kill.
        const kill = { afterLines: 1 + random.integer(Math.ceil(lines / kills)), waitMs: random.integer(20) };
        await runOnce(killed, kind, kill);
        await assertNothingHalfWritten(killed);
      }
      assert.ok((await runOnce(killed, kind)).finished);
      assert.deepEqual(await figures(killed), await figures(alone));
      const files = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
      assert.deepEqual(await files(killed), await files(alone));
    } finally {
      await rm(parent, { recursive: true });
    }
  });
}
