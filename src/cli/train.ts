// `foreloss train`: trains once on the labelled pictures of a folder and saves the model.
import { join } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../core/errors.ts";
import { nativeJpegs } from "../engine/backends/native/index.ts";
import type { FitReport, Learner } from "../loop/learner.ts";
import type { Recipe } from "../records/recipe.ts";
import { isMadeUp } from "../records/recipe-dataset.ts";
import type { EngineSpec } from "../training/engines.ts";
import type { LearnerSpec } from "../training/learner-spec.ts";
import { declareCommand } from "./command.ts";
import { addLabelOptions, type LabelOptions, withLabelOptions } from "./label-options.ts";
import { counting, longWork } from "./long-work.ts";
import { addEngineOptions, type EngineOptions, integer } from "./options.ts";
import { refuseInside } from "./output-folder.ts";
import { duration } from "./progress.ts";
import { countedItems, percent, skippedNote } from "./run-words.ts";
import { engineLine, takeEngine } from "./taken-engine.ts";

interface TrainOptions extends EngineOptions, LabelOptions {
  readonly out: string;
  readonly recipe: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function addTrainCommand(program: Command): void {
  const command = declareCommand(program, {
    usage: "train <folder>",
    summary: "train a model on labelled pictures and save it",
    details:
      "<folder> has one sub-folder of pictures per class, or, with a recipe of detection, pictures with boxes as Pascal VOC, COCO or YOLO, or, with one of pose, with joints as COCO, YOLO, Leeds Sports Pose or MPII. What is held out is only measured on. The loss prediction module is trained along.",
    examples: [
      "foreloss train labelled --out model",
      "foreloss train labelled --out model --recipe my-recipe.json --seed 1",
      "foreloss train boxes --out model --recipe detection-small",
      "foreloss train joints --out model --recipe pose-small --format yolo",
    ],
  })
    .requiredOption("-o, --out <folder>", "folder to save the model in")
    .option("--recipe <recipe>", "where data set, model and training are taken from", "folder")
    .option("--seed <n>", "seed of everything random", integer, 0);
  addLabelOptions(command);
  addEngineOptions(command).option("--json", "print the figures as JSON").action(train);
}

async function train(folder: string, options: TrainOptions): Promise<void> {
  const { openRecipe } = await import("./recipe-run.ts");
  const { openDataset } = await import("../datasets/index.ts");
  const { checkpointFileName } = await import("../training/checkpoint-file.ts");
  const recipe = withLabelOptions(await openRecipe(options.recipe), options);
  refuseMadeUp(recipe);
  const engine = await takeEngine(options);
  refuseInside(folder, options.out);
  const { taskFor } = await import("../tasks/task-for.ts");
  const { report, metricName } = await longWork(async (progress, signal) => {
    progress.note(engineLine(engine));
    const dataset = await openDataset(recipe.dataset, {
      dataFolder: folder,
      onProgress: counting(progress, "looking at picture"),
      signal,
      jpegs: nativeJpegs(),
    });
    const { ids, labels } = dataset.train;
    for (const line of skippedNote(dataset.skipped)) progress.note(line);
    progress.note(`training on ${countedItems(ids.length, recipe)}, ${dataset.test.ids.length} held out`);
    const labelled = ids.map((id, at) => ({ id, label: labels[at]!, cycle: 0 }));
    const data = { dataFolder: folder, survey: dataset.survey };
    const learner = await openLearner(recipe, data, { engine, seed: options.seed });
    try {
      const fitted = await learner.fit(labelled, { cycle: 0, onProgress: counting(progress, "step"), signal });
      await learner.save(options.out);
      return { report: fitted, metricName: taskFor(recipe.model, dataset).metricName };
    } finally {
      await learner.close();
    }
  });
  tell(report, metricName, join(options.out, checkpointFileName), options);
}

/** Its pictures come from nowhere, and the folder would be passed over without a word. */
function refuseMadeUp({ name, dataset }: Recipe): void {
  if (!isMadeUp(dataset)) return;
  throw new UsageError(`--recipe: "${name}" draws its own pictures and takes none from a folder`, {
    hint: 'Name a recipe whose dataset is of the kind "folder", "cifar10", "boxes" or "joints".',
  });
}

async function openLearner(
  recipe: Recipe,
  data: Pick<LearnerSpec, "dataFolder" | "survey">,
  { engine, seed }: { readonly engine: EngineSpec; readonly seed: number },
): Promise<Learner> {
  const { createLearner } = await import("../training/learner.ts");
  return await createLearner({
    dataset: recipe.dataset,
    ...data,
    model: recipe.model,
    training: recipe.training,
    seed,
    initialLabels: recipe.labelling.initial,
    engine,
    workFolder: null,
  });
}

function tell(
  { lossSample: _, ...figures }: FitReport,
  metricName: string,
  model: string,
  { json }: TrainOptions,
): void {
  const { metric, trainMetric, rankingAccuracy, steps, trainSeconds } = figures;
  const ranking = `predicted losses in the right order: ${percent(rankingAccuracy ?? 0)} of pairs (chance 50 %)`;
  const words = [
    `${steps} steps in ${duration(trainSeconds)}`,
    `${metricName} ${percent(metric)} held out, ${percent(trainMetric)} on what it was trained on`,
    ...(rankingAccuracy === null ? [] : [ranking]),
    `model  ${model}`,
  ];
  console.log(json ? JSON.stringify({ ...figures, model }, null, 2) : words.join("\n"));
}
