// The recipes that come with the package are right, and say of themselves what they are.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { readRecipe } from "../src/records/read-recipe.ts";
import { strategyNamed } from "../src/strategies/index.ts";

const folder = join(import.meta.dirname, "..", "recipes");

for (const file of readdirSync(folder)) {
  test(`${file} is a recipe with a random arm, under its own name`, async () => {
    const recipe = await readRecipe(join(folder, file), { strategyNamed });
    assert.equal(recipe.name, basename(file, ".json"));
    assert.notEqual(recipe.description, "");
    assert.ok(recipe.arms.some(({ strategy, lossPrediction }) => strategy === "random" && lossPrediction === false));
    const { perCycle, subset } = recipe.labelling;
    assert.ok(subset === null || subset >= perCycle);
  });
}

test("the paper's recipe has the paper's schedule", async () => {
  const { model, training, labelling, seeds } = await readRecipe(join(folder, "cifar10-paper.json"));
  assert.equal(model.width, 64);
  assert.equal(training.epochs, 200);
  assert.deepEqual(training.schedule, { kind: "step", at: [160 / 200], factor: 0.1 });
  assert.equal(training.lossPrediction.stopGradientAfter, 120 / 200);
  assert.deepEqual(labelling, { initial: 1000, perCycle: 1000, cycles: 10, subset: 10000 });
  assert.equal(seeds.length, 5);
});
