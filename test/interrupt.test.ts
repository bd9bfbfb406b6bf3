// A run that a person stops: it ends soon, with the report of what is finished, and says how to go on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import type { Results } from "../src/records/results.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const folder = await mkdtemp(join(tmpdir(), "foreloss-interrupt-"));
after(() => rm(folder, { recursive: true }));

const recipe = {
  name: "stopped",
  dataset: { kind: "made-up", train: 80, test: 12 },
  model: { width: 2 },
  training: { batch: 8, steps: 4 },
  labelling: { initial: 12, perCycle: 4, cycles: 12 },
  arms: [{ name: "random", strategy: "random" }],
};

/** Runs the recipe; at the first finished cycle it is sent `signal`. */
async function run(signal?: NodeJS.Signals): Promise<{ code: number | null; err: string }> {
  const args = [main, "run", "recipe.json", "--out", "run", "--threads", "1"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const lines: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    if (signal !== undefined && /cycle 1 of 12: /.test(line)) child.kill(signal);
    lines.push(line);
  }
  return { code: await ended, err: lines.join("\n") };
}

const cyclesIn = (results: Results) =>
  results.arms.flatMap(({ seeds }) => seeds.flatMap(({ cycles }) => cycles)).length;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`a run that is sent ${signal} leaves results and report of what is finished, and goes on later`, async () => {
    await rm(join(folder, "run"), { recursive: true, force: true });
    await writeFile(join(folder, "recipe.json"), JSON.stringify(recipe));
    const { code, err } = await run(signal);
    assert.equal(code, 1);
    assert.match(err, /report of what is finished: run.report\.html/);
    assert.match(err, /error: run: stopped; \d+ finished cycles? (is|are) kept\nhint: the same command goes on/);
    const results = JSON.parse(await readFile(join(folder, "run", "results.json"), "utf8")) as Results;
    assert.ok(cyclesIn(results) > 0 && cyclesIn(results) < 12);
    assert.match(await readFile(join(folder, "run", "report.html"), "utf8"), /The run is not finished/);
    assert.equal((await run()).code, 0);
    assert.doesNotMatch(await readFile(join(folder, "run", "report.html"), "utf8"), /The run is not finished/);
  });
}
