import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../core/errors.ts";
import { parseRecipe } from "../records/read-recipe.ts";
import { personBoxesOf, withLabelOptions } from "./label-options.ts";

const recipe = (task: string, dataset: Record<string, unknown>, kind: string) =>
  parseRecipe(
    {
      name: "mine",
      task,
      dataset,
      model: { kind },
      training: { steps: 1 },
      labelling: { initial: 1, perCycle: 1, cycles: 1 },
      arms: [{ name: "random", strategy: "random" }],
    },
    "mine.json",
  );
const boxes = recipe("detection", { kind: "boxes" }, "ssd-resnet18");
const joints = recipe("pose", { kind: "joints" }, "hourglass");
const folder = recipe("classification", { kind: "folder" }, "resnet18");

test("--skip-bad and --format are the recipe's skipBad and format", () => {
  assert.deepEqual(withLabelOptions(boxes, { skipBad: true, format: "yolo" }), {
    ...boxes,
    dataset: { ...boxes.dataset, skipBad: true, format: "yolo" },
  });
  assert.deepEqual(withLabelOptions(joints, { format: "lsp" }).dataset, { ...joints.dataset, format: "lsp" });
});

test("without them the recipe stays as it is", () => {
  assert.equal(withLabelOptions(folder, {}), folder);
});

test("a format that the data cannot have is refused with those it can", () => {
  assert.throws(
    () => withLabelOptions(joints, { format: "lps" }),
    (error: unknown) =>
      error instanceof UsageError && /"lps".*did you mean "lsp".*auto, coco, lsp, mpii/.test(error.message),
  );
  assert.throws(() => withLabelOptions(joints, { format: "voc" }), UsageError);
});

test("they are refused where there are neither boxes nor joints", () => {
  for (const options of [{ skipBad: true }, { format: "coco" }]) {
    assert.throws(
      () => withLabelOptions(folder, options),
      (error: unknown) => error instanceof UsageError && /"mine".*kind "folder", not "boxes"/.test(error.message),
    );
  }
});

test("boxes of persons are read as the options say, which mean nothing without --boxes", () => {
  assert.equal(personBoxesOf({}), undefined);
  assert.deepEqual(personBoxesOf({ boxes: "a.json" }), { boxes: "a.json", format: "auto", skipBad: false });
  assert.deepEqual(personBoxesOf({ boxes: "b", format: "yolo", skipBad: true }), {
    ...{ boxes: "b", format: "yolo", skipBad: true },
  });
  assert.throws(
    () => personBoxesOf({ boxes: "b", format: "yollo" }),
    /boxes have no format "yollo"; did you mean "yolo"/,
  );
  for (const options of [{ skipBad: true }, { format: "voc" }]) assert.throws(() => personBoxesOf(options), UsageError);
});
