// Reading recipes: what a person sees who wrote one wrongly.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ForelossError, UsageError } from "../core/errors.ts";
import type { Signal } from "../core/signals.ts";
import { parseRecipe, readRecipe } from "./read-recipe.ts";

function strategyNamed(name: string): { needs: readonly Signal[] } {
  if (name === "random") return { needs: [] };
  if (name === "k-means") return { needs: ["embedding"] };
  if (name === "learned-loss") return { needs: ["predictedLoss"] };
  if (name === "bald") return { needs: ["memberProbabilities"] };
  throw new ForelossError(`strategy "${name}" is unknown`);
}
const minimal = {
  name: "trial",
  dataset: { kind: "made-up" },
  training: { epochs: 2 },
  labelling: { initial: 20, perCycle: 10, cycles: 3 },
  arms: [{ name: "random", strategy: "random" }],
};

function complaints(changes: object): string[] {
  try {
    parseRecipe({ ...minimal, ...changes }, "trial.json", { strategyNamed });
  } catch (error) {
    assert.ok(error instanceof ForelossError);
    return error.message.split("\n");
  }
  return [];
}

test("a data set of boxes says what is wrong with its fields", () => {
  const wrong = { kind: "boxes", format: "vox", vocOrigin: 2, trainSplit: "train", skipbad: true };
  assert.deepEqual(
    complaints({ task: "detection", dataset: wrong }).filter((line) => line.startsWith("trial.json: dataset.")),
    [
      'trial.json: dataset.format: unknown value "vox"; did you mean "voc"?',
      "trial.json: dataset.vocOrigin: 2 is not allowed; needs 0 or 1",
      'trial.json: dataset.trainSplit: "train" is not allowed; needs a list [ ... ] or null',
      'trial.json: dataset.skipbad: unknown field; did you mean "skipBad"?',
    ],
  );
});

test("the data of a task is of that task", () => {
  assert.match(complaints({ dataset: { kind: "boxes" } }).join(), /dataset\.kind: "boxes" is for the task "detection"/);
});

test("whole pictures are for items that are persons", () => {
  const whole = { ...minimal.labelling, wholePictures: true };
  assert.deepEqual(complaints({ labelling: whole }), [
    'trial.json: labelling.wholePictures: true is for the task "pose", where an item is a person; with "classification" an item is a whole picture already',
  ]);
  assert.deepEqual(complaints({ labelling: { ...whole, wholePictures: false } }), []);
  const pose = { task: "pose", dataset: { kind: "joints" }, model: { kind: "hourglass" } };
  assert.deepEqual(complaints({ ...pose, labelling: whole }), []);
});

test("the first batch is chosen by a strategy that needs no trained model", () => {
  const first = (initialStrategy: unknown) => complaints({ labelling: { ...minimal.labelling, initialStrategy } });
  assert.deepEqual(first("k-means"), []);
  assert.deepEqual(first("learned-loss"), [
    'trial.json: labelling.initialStrategy: "learned-loss" goes by predictedLoss, which says nothing before the first training; needs one that goes by embedding or by nothing, e.g. random, k-means, typiclust',
  ]);
  assert.deepEqual(first("kmeans"), ['trial.json: labelling.initialStrategy: strategy "kmeans" is unknown']);
  assert.match(first(3).join(), /labelling.initialStrategy: 3 is not allowed/);
});

test("a recipe with only what is needed has the defaults for the rest", () => {
  const recipe = parseRecipe(minimal, "trial.json", { strategyNamed });
  assert.equal(recipe.version, 1);
  assert.equal(recipe.training.momentum, 0.9);
  assert.deepEqual(recipe.training.augmentation, { flip: true, cropPaddingPx: 4 });
  assert.deepEqual(recipe.dataset, { kind: "made-up", seed: 0, train: 3000, test: 600 });
});

const wrong: readonly [string, object, string][] = [
  ["an unknown field", { training: { epochs: 2, epoch: 3 } }, 'training.epoch: unknown field; did you mean "epochs"?'],
  ["an unknown field at the top", { sedes: [1] }, 'sedes: unknown field; did you mean "seeds"?'],
  [
    "a field of another kind of data set",
    { dataset: { kind: "made-up", testShare: 0.1 } },
    "dataset.testShare: unknown field; allowed: kind, seed, train, test",
  ],
  ["a missing field", { labelling: { initial: 20, cycles: 3 } }, "labelling.perCycle: missing; needs a number"],
  [
    "a number out of range",
    { training: { epochs: 2, learningRate: -1 } },
    "training.learningRate: -1 is not allowed; needs more than 0",
  ],
  [
    "an odd batch",
    { training: { epochs: 2, batch: 127 } },
    "training.batch: 127 is not allowed; needs a multiple of 2",
  ],
  [
    "a fraction of a step",
    { training: { steps: 2.5 } },
    "training.steps: 2.5 is not allowed; needs a whole number or null",
  ],
  ["a text for a number", { seeds: ["0"] }, 'seeds[0]: "0" is not allowed; needs a number'],
  ["an empty list", { seeds: [] }, "seeds: [] is not allowed; needs at least 1 entry"],
  ["a name with spaces", { name: "My run" }, 'name: "My run" is not allowed; needs small letters, digits and hyphens'],
  ["an unknown kind", { dataset: { kind: "cifr10" } }, 'dataset.kind: unknown value "cifr10"; did you mean "cifar10"?'],
  [
    "an unknown word in an arm's module",
    { arms: [{ name: "a", strategy: "random", lossPrediction: { loss: "l1" } }] },
    'arms[0].lossPrediction.loss: unknown value "l1"; allowed: ranking, mse, kl',
  ],
  [
    "an unknown field in an arm's module",
    { arms: [{ name: "a", strategy: "random", lossPrediction: { lamda: 1 } }] },
    'arms[0].lossPrediction.lamda: unknown field; did you mean "lambda"?',
  ],
  [
    "a number for an arm's module",
    { arms: [{ name: "a", strategy: "random", lossPrediction: 3 }] },
    "arms[0].lossPrediction: 3 is not allowed; needs true or false or an object { ... }",
  ],
  [
    "an unknown strategy",
    { arms: [{ name: "a", strategy: "learnt-loss", lossPrediction: true }] },
    'arms[0].strategy: strategy "learnt-loss" is unknown',
  ],
  [
    "a strategy without the module it needs",
    { arms: [{ name: "a", strategy: "learned-loss" }] },
    'arms[0].lossPrediction: false is not allowed with "learned-loss", which needs the module; needs true or { ... }',
  ],
  [
    "a field of another model",
    { model: { kind: "resnet18", stemStride: 1 } },
    "model.stemStride: unknown field; allowed: kind, width, weights, dropout",
  ],
  [
    "a misspelt field of a model without its kind",
    { model: { widht: 8 } },
    'model.widht: unknown field; did you mean "width"?',
  ],
  [
    "an unknown model",
    { model: { kind: "resnet81" } },
    'model.kind: unknown value "resnet81"; did you mean "resnet18"?',
  ],
  [
    "a field of another augmentation",
    { training: { epochs: 2, augmentation: { zoomOut: 2 } } },
    "training.augmentation.zoomOut: unknown field; allowed: kind, flip, cropPaddingPx",
  ],
  ["neither epochs nor steps", { training: {} }, "training: needs either epochs or steps, exactly one of the two"],
  ["two arms of one name", { arms: [minimal.arms[0], minimal.arms[0]] }, 'arms: two arms are named "random"'],
];
for (const [what, changes, complaint] of wrong) {
  test(`${what} is named with what is allowed`, () => {
    assert.deepEqual(complaints(changes), [`trial.json: ${complaint}`]);
  });
}

test("data, model and augmentation of another task than the recipe's are named, with those that fit", () => {
  const training = { epochs: 2, augmentation: { kind: "shift" } };
  const lines = complaints({ task: "detection", model: { kind: "resnet18" }, training });
  const own = 'is for the task "classification", this recipe\'s is "detection"; needs';
  assert.deepEqual(lines, [
    `trial.json: dataset.kind: "made-up" ${own} "boxes" or "made-up-boxes"`,
    `trial.json: model.kind: "resnet18" ${own} "ssd-resnet18" or "ssd300-vgg16"`,
    `trial.json: training.augmentation.kind: "shift" ${own} "boxes"`,
  ]);
});

test("a recipe of detection has the model and the augmentation of its task where it names none", () => {
  const { model, training } = parseRecipe(
    { ...minimal, task: "detection", dataset: { kind: "made-up-boxes" }, model: { width: 8 } },
    "trial.json",
  );
  assert.ok(model.kind === "ssd-resnet18" && training.augmentation.kind === "boxes");
  assert.deepEqual([model.width, model.priorRatios, training.augmentation.zoomOut], [8, [2, 3], 4]);
});

test("an arm that compares members needs several of them, or a model with dropout", () => {
  const arms = [{ name: "passes", strategy: "bald" }];
  const told =
    'trial.json: arms[0].strategy: "bald" compares several members; needs "members" in the arm, e.g. 5, or passes with dropout, e.g. model.dropout { "share": 0.5 }';
  assert.deepEqual(complaints({ arms }), [told]);
  assert.deepEqual(complaints({ arms, model: { width: 8 } }), [told]);
  assert.equal(complaints({ arms, model: { dropout: { share: 1 } } }).length, 1);
  const { model } = parseRecipe({ ...minimal, arms, model: { dropout: {} } }, "trial.json", { strategyNamed });
  assert.deepEqual(model.dropout, { share: 0.5, passes: 10 });
  assert.ok(!("dropout" in parseRecipe(minimal, "trial.json").model));
});

test("an arm has two members or more, for a strategy that compares them or for random", () => {
  const of = (strategy: string, members: unknown, lossPrediction = true) =>
    complaints({ arms: [{ name: "a", strategy, members, lossPrediction }] });
  assert.deepEqual(of("bald", 3), []);
  assert.deepEqual(of("random", 2), []);
  assert.deepEqual(of("bald", 1), ["trial.json: arms[0].members: 1 is not allowed; needs at least 2"]);
  assert.match(of("bald", 2.5).join(), /arms\[0\]\.members: 2\.5 is not allowed/);
  assert.deepEqual(of("learned-loss", 3), [
    'trial.json: arms[0].members: "learned-loss" goes by one model and would choose the same without; needs a strategy that compares members, e.g. bald, or random as its control',
  ]);
  assert.equal(of("learned-loss", 3, false).length, 2);
  assert.ok(!("members" in parseRecipe(minimal, "trial.json").arms[0]!));
});

test("all problems are told at once, one per line", () => {
  const lines = complaints({ training: { epoch: 2 }, labelling: {}, arms: [{ name: "a", strategy: "rnadom" }] });
  assert.equal(lines.length, 5);
  assert.ok(lines.every((line) => line.startsWith("trial.json: ")));
});

test("something that is no object is refused", () => {
  assert.throws(() => parseRecipe([1], "trial.json"), {
    message: "trial.json: [1] is not allowed; needs an object { ... }",
  });
});

test("a recipe of a later version asks for a later Foreloss", () => {
  assert.throws(() => parseRecipe({ ...minimal, version: 2 }, "trial.json"), {
    message: "trial.json: version: 2 is newer than this Foreloss reads (1)",
  });
});

test("an arm that changes one field of the module says nothing of the others", () => {
  const arms = [{ name: "detached", strategy: "learned-loss", lossPrediction: { stopGradientAfter: 0 } }];
  const recipe = parseRecipe({ ...minimal, arms }, "trial.json");
  assert.deepEqual(recipe.arms[0]?.lossPrediction, { stopGradientAfter: 0 });
});

test("a recipe is found by its path, or by its name in the folders given", async () => {
  const folder = await mkdtemp(join(tmpdir(), "foreloss-recipes-"));
  try {
    await writeFile(join(folder, "trial.json"), JSON.stringify(minimal));
    assert.equal((await readRecipe(join(folder, "trial.json"))).name, "trial");
    assert.equal((await readRecipe("trial", { folders: [folder] })).name, "trial");
    await assert.rejects(readRecipe(join(folder, "trail.json")), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(
        error.message,
        `${join(folder, "trail.json")}: no such recipe; did you mean "${join(folder, "trial.json")}"?`,
      );
      return true;
    });
    await assert.rejects(readRecipe("trail", { folders: [folder] }), {
      message: 'trail: no such recipe; did you mean "trial"?',
    });
    await assert.rejects(readRecipe("somewhere", { folders: [folder] }), {
      message: "somewhere: no such recipe; there are: trial",
    });
    await writeFile(join(folder, "broken.json"), '{"name": }');
    await assert.rejects(readRecipe(join(folder, "broken.json")), {
      message: `${join(folder, "broken.json")}:1:10: expected a value, found "}"`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
