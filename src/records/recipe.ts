// A recipe: the file that fixes one experiment. Type (inferred), validator, defaults and version in one place.
// Every field is checked when the file is read; a message names the field, the value and what is allowed.
import { z } from "zod";
import { datasetSchema } from "./recipe-dataset.ts";
import { modelSchema } from "./recipe-model.ts";
import { count } from "./recipe-numbers.ts";
import { taskIssues, taskSchema } from "./recipe-task.ts";
import { lossPredictionChangesSchema, trainingSchema } from "./recipe-training.ts";

export const armSchema = z.strictObject({
  name: z.string().min(1),
  strategy: z.string().min(1),
  /** Whether the loss prediction module is trained along, and what differs from `training.lossPrediction`. */
  lossPrediction: z.union([z.boolean(), lossPredictionChangesSchema]).default(false),
  start: z.enum(["cold", "warm"]).optional(),
  /** So many models that differ in start weights and order of the batches are trained in each cycle; left out, one is. */
  members: z.number().int().min(2).exactOptional(),
});

export const labellingSchema = z.strictObject({
  /** Labels of the first set, shared by all arms of a seed. */
  initial: count,
  /** Chooses the first set, by the embedding of the model before any training; left out, it is random. */
  initialStrategy: z.string().min(1).exactOptional(),
  perCycle: count,
  /** Trainings in all: labels at the end = initial + (cycles - 1) * perCycle. */
  cycles: count,
  /** Pose: with a person all persons of its picture are labelled, which is opened once; else every person is an item of its own. */
  wholePictures: z.boolean().exactOptional(),
  /** Choose among this many random pool items, drawn anew each cycle and shared by the arms of a seed; null is the whole pool. */
  subset: count.nullable().default(null),
});

export const recipeSchema = z
  .strictObject({
    version: z.literal(1).default(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "small letters, digits and hyphens"),
    description: z.string().default(""),
    task: taskSchema.default("classification"),
    dataset: datasetSchema,
    model: modelSchema.prefault({}),
    training: trainingSchema.prefault({}),
    labelling: labellingSchema,
    arms: z.array(armSchema).min(1),
    seeds: z.array(z.number().int()).min(1).default([0]),
  })
  .check((context) => {
    const { task, dataset, model, training, labelling, arms } = context.value;
    const kinds = { dataset: dataset.kind, model: model.kind, augmentation: training.augmentation.kind ?? "shift" };
    for (const issue of taskIssues(task, kinds)) context.issues.push({ code: "custom", ...issue });
    if ((training.epochs === null) === (training.steps === null)) {
      context.issues.push({
        code: "custom",
        path: ["training"],
        message: "needs either epochs or steps, exactly one of the two",
        input: training,
      });
    }
    if (labelling.wholePictures && task !== "pose") {
      context.issues.push({
        code: "custom",
        path: ["labelling", "wholePictures"],
        message: `true is for the task "pose", where an item is a person; with "${task}" an item is a whole picture already`,
        input: labelling.wholePictures,
      });
    }
    const names = arms.map((arm) => arm.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      context.issues.push({ code: "custom", path: ["arms"], message: `two arms are named "${twice}"`, input: arms });
    }
  });

export type Recipe = z.output<typeof recipeSchema>;
export type ArmRecipe = z.output<typeof armSchema>;
export type LabellingRecipe = z.output<typeof labellingSchema>;
