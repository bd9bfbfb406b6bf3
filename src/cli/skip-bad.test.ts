import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../core/errors.ts";
import { parseRecipe } from "../records/read-recipe.ts";
import { withSkipBad } from "./skip-bad.ts";

const recipe = (kind: string, more = {}) =>
  parseRecipe(
    {
      name: "mine",
      dataset: { kind, ...more },
      training: { steps: 1 },
      labelling: { initial: 1, perCycle: 1, cycles: 1 },
      arms: [{ name: "random", strategy: "random" }],
    },
    "mine.json",
  );

test("--skip-bad is the recipe's skipBad, and leaves the recipe alone where it is not given", () => {
  const boxes = { ...recipe("folder"), dataset: { ...recipe("folder").dataset } };
  assert.equal(withSkipBad(boxes, undefined), boxes);
});

test("--skip-bad is refused where there are no boxes", () => {
  assert.throws(
    () => withSkipBad(recipe("folder"), true),
    (error: unknown) => error instanceof UsageError && /"mine".*kind "folder", not "boxes"/.test(error.message),
  );
});
