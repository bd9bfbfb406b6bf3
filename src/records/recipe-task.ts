// What belongs to which task: a recipe's data set, model and augmentation must all be of the task it names.
import { z } from "zod";

/** What is learned. */
export const taskSchema = z.enum(["classification", "detection", "pose"]);
export type TaskName = z.output<typeof taskSchema>;

type Owners = Readonly<Record<string, TaskName>>;

/** The task of every kind there is: of data sets (by their labels), of models and of augmentations. */
const owners = {
  dataset: {
    cifar10: "classification",
    folder: "classification",
    "made-up": "classification",
    boxes: "detection",
    "made-up-boxes": "detection",
    joints: "pose",
    "made-up-figures": "pose",
  },
  model: {
    resnet18: "classification",
    "ssd-resnet18": "detection",
    "ssd300-vgg16": "detection",
    hourglass: "pose",
  },
  augmentation: { shift: "classification", boxes: "detection", persons: "pose" },
} as const satisfies Record<string, Owners>;

const fields = { dataset: "dataset", model: "model", augmentation: "training.augmentation" } as const;

/** The kinds that a recipe names; one that is missing in the table does not compile. */
export type RecipeKinds = { readonly [Part in keyof typeof owners]: keyof (typeof owners)[Part] };

/** What belongs to another task than the recipe's. */
export function taskIssues(task: TaskName, kinds: RecipeKinds): { path: string[]; message: string; input: string }[] {
  return (["dataset", "model", "augmentation"] as const).flatMap((part) => {
    const known: Owners = owners[part];
    const kind = kinds[part];
    if (known[kind] === task) return [];
    const allowed = Object.keys(known).filter((name) => known[name] === task);
    const words = allowed.map((name) => JSON.stringify(name)).join(" or ");
    const message = `"${kind}" is for the task "${known[kind]}", this recipe's is "${task}"; needs ${words}`;
    return [{ path: [...fields[part].split("."), "kind"], message, input: kind }];
  });
}

/** What a recipe of another task than classification has where it says nothing itself. */
const defaults = {
  detection: { model: { kind: "ssd-resnet18" }, augmentation: { kind: "boxes" } },
  pose: { model: { kind: "hourglass" }, augmentation: { kind: "persons" } },
} as const;

const written = z.looseObject({
  task: taskSchema.exclude(["classification"]),
  model: z.looseObject({}).default({}),
  training: z.looseObject({ augmentation: z.looseObject({}).default({}) }).prefault({}),
});

/** A recipe as it was written, with the kinds of its task filled in. */
export function withTaskDefaults(value: unknown): unknown {
  const found = written.safeParse(value);
  if (!found.success) return value;
  const { task, model, training } = found.data;
  const { model: ownModel, augmentation } = defaults[task];
  return {
    ...found.data,
    model: { ...ownModel, ...model },
    training: { ...training, augmentation: { ...augmentation, ...training.augmentation } },
  };
}
