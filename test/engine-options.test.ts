// --engine and --precision through the whole command line: said at the start, kept with the run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { nativeSupport } from "../src/engine/backends/native/index.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "foreloss-engine-"));
after(() => rmSync(folder, { recursive: true }));

function foreloss(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, err: stderr };
}

function putRecipe(dataset: object): void {
  const recipe = {
    name: "trial",
    dataset,
    model: { width: 2 },
    training: { batch: 4, steps: 1 },
    labelling: { initial: 4, perCycle: 2, cycles: 1 },
    arms: [{ name: "random", strategy: "random" }],
  };
  writeFileSync(join(folder, "trial.json"), JSON.stringify(recipe));
}

const support = nativeSupport();
const usual = support.available ? "native" : "onnx";
const version = !support.available ? "onnxruntime-node" : support.bfloat16 ? "bfloat16" : "float32";
const usualLine = new RegExp(`^engine: ${usual} \\(.*${version}.*\\), 1 thread$`, "m");

test("train and score say which engine they take", async () => {
  putRecipe({ kind: "folder", sidePx: 8, testShare: 0.5 });
  for (const [name, background] of Object.entries({ red: "#f00", blue: "#00f" })) {
    mkdirSync(join(folder, "pictures", name), { recursive: true });
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toBuffer();
    for (let i = 0; i < 4; i++) writeFileSync(join(folder, "pictures", name, `${i}.png`), picture);
  }
  const trained = foreloss("train", "pictures", "-o", "model", "--recipe", "trial.json", "--threads", "1");
  assert.equal(trained.code, 0, trained.err);
  assert.match(trained.err, usualLine);
  const scored = foreloss("score", "pictures", "-m", "model", "--threads", "1", "--engine", "reference");
  assert.equal(scored.code, 0, scored.err);
  assert.match(scored.err, /^engine: reference \(.+\), 1 thread$/m);
});

function run(...options: string[]) {
  return foreloss("run", "trial.json", "-o", "run", "--threads", "1", ...options);
}

test("a run says its engine, keeps it, and goes on with no other", () => {
  putRecipe({ kind: "made-up", train: 12, test: 8 });
  const first = run();
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, usualLine);
  const { engine } = JSON.parse(readFileSync(join(folder, "run", "manifest.json"), "utf8"));
  assert.deepEqual(Object.keys(engine), ["name", "version", "threads"]);
  assert.equal(engine.name, usual);
  assert.equal(run("--engine", usual).code, 0);
  const other = run("--engine", "reference");
  assert.equal(other.code, 1);
  assert.match(other.err, new RegExp(`engine\\.name: "${usual}" there, "reference" now`));
  assert.match(other.err, /hint: go on with the engine it was begun with \(--engine, --precision, --threads\)/);
});

const needsBoth = support.available && support.bfloat16 ? false : "needs the native engine and a CPU with bfloat16";
test("a run begun in float32 does not go on in bfloat16", { skip: needsBoth }, () => {
  putRecipe({ kind: "made-up", train: 12, test: 8 });
  assert.equal(run("--fresh", "--precision", "float32").code, 0);
  const other = run("--precision", "bfloat16");
  assert.equal(other.code, 1);
  assert.match(other.err, /engine\.version: ".*float32.*" there, ".*bfloat16.*" now/);
});
