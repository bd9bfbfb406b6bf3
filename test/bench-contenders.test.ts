// Our contenders in bench/, each from inputs as small as they come, so that they keep up with what they measure.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quickRows } from "../bench/choose-from-file.ts";
import { runContender, runScript } from "../bench/contender-process.ts";

const folder = mkdtempSync(join(tmpdir(), "foreloss-contenders-"));
after(() => rmSync(folder, { recursive: true }));

const engine = ["--engine", "onnx", "--precision", "float32"];
const sizes = ["--labelled", "6", "--pool", "5"];
const batchInputs = { script: "ours/make-inputs.ts", options: ["--net", "resnet18-2", "--batch", "4"] };
const cycleInputs = { script: "ours/make-cycle-inputs.ts", options: ["--net", "resnet18-2", ...sizes] };
const filesInputs = { script: "ours/make-files-inputs.ts", options: ["--width", "2", "--side", "40", "--files", "3"] };

const contenders = [
  { name: "train-step", inputs: batchInputs, more: [], results: ["loss", "moduleLoss"] },
  { name: "score", inputs: batchInputs, more: [], results: ["logits", "predictedLoss"] },
  {
    name: "cycle",
    inputs: cycleInputs,
    more: [...sizes, "--epochs", "2", "--choose", "3", "--batch", "4"],
    results: ["loss", "moduleLoss", "accuracy", "picks"],
  },
  { name: "score-files", inputs: filesInputs, more: [], results: ["entropy", "predictedLoss"] },
] as const;

for (const { name, inputs, more, results } of contenders) {
  test(`${name} reports its results and times`, async () => {
    const path = join(folder, name);
    const common = { environment: {}, pythonPath: undefined };
    await runScript({ ...inputs, options: [...inputs.options, "--out", path] }, common);
    const contender = { name, script: `ours/${name}.ts`, options: [...engine, ...more] };
    const report = await runContender(contender, { ...common, inputs: path, threads: 1, seconds: 0 });
    assert.deepEqual(Object.keys(report.result), results);
    for (const values of Object.values(report.result)) assert.ok(values.length > 0 && values.every(Number.isFinite));
    assert.match(report.engine, /^onnx /);
  });
}

for (const { name, inputs, ours } of quickRows) {
  test(`${name} reports what it chose, and of a choice in parts how well it covers the pool`, async () => {
    const path = join(folder, name);
    const common = { environment: {}, pythonPath: undefined };
    await runScript({ ...inputs, options: [...inputs.options, "--out", path] }, common);
    const { result, figures = {} } = await runContender(ours, { ...common, inputs: path, threads: 1, seconds: 0 });
    assert.equal(result.chosen!.length, 100);
    if (name.includes("parquet"))
      assert.ok(result.chosen!.every((score, at, all) => at === 0 || score <= all[at - 1]!));
    else {
      const [parts, ratio] = Object.values(figures);
      assert.ok(parts! > 1 && ratio! > 0.5 && ratio! <= 4);
    }
  });
}
