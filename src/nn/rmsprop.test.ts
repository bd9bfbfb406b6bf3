import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceBackend } from "../engine/backends/reference/index.ts";
import { constant, mul, program, scalar, square, sub, sum } from "../engine/index.ts";
import { createBuilder } from "./builder.ts";
import { fill } from "./initialise.ts";
import { rmspropStep } from "./optimiser.ts";

const { settings, start, goals, factors, after } = JSON.parse(
  readFileSync(new URL("../../test/fixtures/rmsprop.json", import.meta.url), "utf8"),
) as {
  settings: Record<"learningRate" | "smoothing" | "weightDecay", number>;
} & Record<"start" | "goals" | "factors", number[]> & { after: number[][] };

test("RMSprop goes PyTorch's way, step by step, however large or small the slopes are", async () => {
  const shape = [start.length];
  const model = createBuilder("train");
  const weights = model.builder.parameter("w", shape, fill(0));
  const [goal, factor] = [goals, factors].map((values) => constant(Float32Array.from(values), shape));
  const loss = sum(mul(factor!, square(sub(weights, goal!))));
  const step = rmspropStep(loss, model, { ...settings, learningRate: scalar(settings.learningRate) });
  const entries = [...step.entries.keys()].map((name) => [name, new Float32Array(start.length)] as const);
  const initial = new Map(
    [["w", Float32Array.from(start)] as const, ...entries].map(([name, values]) => [name, { shape, values }]),
  );
  const backend = referenceBackend();
  const state = await backend.openState(initial);
  const executable = await backend.compile(program({ name: "step", outputs: { loss }, updates: step.updates }), state);
  for (const [number, expected] of after.entries()) {
    await executable.run({});
    const { values } = await state.read("w");
    expected.forEach((value, i) => {
      assert.ok(Math.abs(values[i]! - value) < 1e-6, `step ${number}, weight ${i}: ${values[i]} for ${value}`);
    });
  }
});
