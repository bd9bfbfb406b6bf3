// A recipe: the file that fixes one experiment. Type (inferred), validator, defaults and version in one place.
// Every field is checked when the file is read; a message names the field, the value and what is allowed.
import { z } from "zod";
import { taskIssues, taskSchema } from "./recipe-task.ts";

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).max(1);

/** How a folder with labels of its own is split. */
const splitFields = {
  /** Sets of the folder to choose from and to test on; null goes by their names. */
  trainSplit: z.array(z.string().min(1)).min(1).nullable().default(null),
  testSplit: z.array(z.string().min(1)).min(1).nullable().default(null),
  /** Share of all pictures held out where the folder (or the recipe) names no set for it, and its seed. */
  testShare: z.number().gt(0).lt(1).default(0.2),
  splitSeed: z.number().int().default(0),
};

export const boxesSchema = z.strictObject({
  kind: z.literal("boxes"),
  /** `auto` takes the one format that fits what lies in the folder. */
  format: z.enum(["auto", "voc", "coco", "yolo"]).default("auto"),
  /** VOC: number of the first pixel; with 0 the upper corner is the edge of the box. */
  vocOrigin: z.literal([0, 1]).default(1),
  /** Side of the square that pictures are stretched to. */
  sidePx: count.default(96),
  ...splitFields,
  /** Only these classes, in this order; objects of others are passed over. Null is all. */
  classes: z.array(z.string().min(1)).min(1).nullable().default(null),
  /** Leave pictures with a wrong label out, and list them, instead of stopping. */
  skipBad: z.boolean().default(false),
});

export const jointsSchema = z.strictObject({
  kind: z.literal("joints"),
  /** `auto` takes the one format that fits what lies in the folder. */
  format: z.enum(["auto", "coco", "lsp", "mpii", "yolo"]).default("auto"),
  /** Side of the square that a person is cut out to. */
  sidePx: count.default(128),
  ...splitFields,
  /** Leave persons with a wrong label out, and list them, instead of stopping. */
  skipBad: z.boolean().default(false),
});

export const datasetSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("cifar10"),
    /** Use only this many training / test pictures (for quick trials); null is all. */
    trainLimit: count.nullable().default(null),
    testLimit: count.nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal("folder"),
    /** Share of every class held out for testing, never selectable. */
    testShare: z.number().gt(0).lt(1).default(0.2),
    /** Side of the square picture the model sees. */
    sidePx: count.default(32),
    /** `fit` keeps the whole picture and pads, `crop` fills the square and cuts what stands out. */
    resize: z.enum(["fit", "crop"]).default("crop"),
    /** Seed of the held-out share: independent of the run's seeds, so that every run tests on the same pictures. */
    splitSeed: z.number().int().default(0),
  }),
  boxesSchema,
  jointsSchema,
  z.strictObject({
    kind: z.literal("made-up-figures"),
    seed: z.number().int().default(0),
    train: count.default(2000),
    test: count.default(400),
    /** Side of the pictures. */
    sidePx: z.literal([64, 96]).default(64),
  }),
  z.strictObject({
    kind: z.literal("made-up-boxes"),
    seed: z.number().int().default(0),
    train: count.default(2000),
    test: count.default(400),
    /** Side of the pictures. */
    sidePx: z.literal([64, 96]).default(64),
  }),
  z.strictObject({
    kind: z.literal("made-up"),
    seed: z.number().int().default(0),
    train: count.default(3000),
    test: count.default(600),
  }),
]);

/** Whether the pictures are drawn, so that no folder is needed. */
export function isMadeUp({ kind }: DatasetRecipe): boolean {
  return kind === "made-up" || kind === "made-up-boxes" || kind === "made-up-figures";
}

export const lossPredictionSchema = z.strictObject({
  /** Margin ranking loss (Yoo & Kweon 2019, eq. 2), squared error (their counter-example) or KL (Shukla & Ahmed 2021). */
  loss: z.enum(["ranking", "mse", "kl"]).default("ranking"),
  /** Weight of the module's loss beside the task's. */
  lambda: z.number().min(0).default(1),
  /** Margin xi of the ranking loss. */
  margin: positive.default(1),
  /** Share of the training after which the module's gradient no longer enters the model; 0 cuts it from the start. */
  stopGradientAfter: share.default(0.6),
});

/** What an arm changes of `training.lossPrediction`: without defaults, since what it leaves out stays as it is there. */
export const lossPredictionChangesSchema = z.strictObject({
  loss: lossPredictionSchema.shape.loss.unwrap().exactOptional(),
  lambda: lossPredictionSchema.shape.lambda.unwrap().exactOptional(),
  margin: lossPredictionSchema.shape.margin.unwrap().exactOptional(),
  stopGradientAfter: lossPredictionSchema.shape.stopGradientAfter.unwrap().exactOptional(),
});

export const augmentationSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Classification: random horizontal flip; random crop out of the picture padded with zeros on each side. */
    kind: z.literal("shift").exactOptional(),
    flip: z.boolean().default(true),
    cropPaddingPx: z.number().int().min(0).default(4),
  }),
  z.strictObject({
    /** Detection, as SSD does it (Liu et al. 2016): the boxes move with the picture. */
    kind: z.literal("boxes"),
    flip: z.boolean().default(true),
    /** Random brightness, contrast, saturation, hue and order of the channels. */
    colours: z.boolean().default(true),
    /** With probability 1/2 the picture is made smaller by a factor of up to this; 1 never does. */
    zoomOut: z.number().min(1).default(4),
    /** Ways of cropping, one of which is drawn for each picture: not at all, or so that an object overlaps the crop so much. */
    crops: z.array(z.union([z.literal("whole"), share])).default(["whole", 0.1, 0.3, 0.5, 0.7, 0.9, 0]),
  }),
  z.strictObject({
    /** Pose: the joints move with the person's crop, and left and right swap in a mirror. */
    kind: z.literal("persons"),
    flip: z.boolean().default(true),
    /** Size changes by a normal factor of this deviation, cut off at one; with probability 0.6 it turns, by a normal angle. */
    scale: share.default(0.25),
    rotationDegrees: z.number().min(0).default(30),
    /** Every channel is multiplied by a number within this of 1. */
    colour: share.default(0.2),
  }),
]);

export const trainingSchema = z.strictObject({
  batch: count.multipleOf(2).default(128),
  /** Length of one training: passes over the labelled items ... */
  epochs: count.nullable().default(null),
  /** ... or steps (exactly one of the two). */
  steps: count.nullable().default(null),
  /** Never fewer steps than this, however few the labels. */
  leastSteps: z.number().int().min(0).default(0),
  /** Steps added for every labelled item beyond the initial set. */
  stepsPerLabel: z.number().min(0).default(0),
  /** `rmsprop` with smoothing 0.99, as pose nets are trained, takes no momentum. */
  optimiser: z.enum(["sgd", "rmsprop"]).default("sgd"),
  learningRate: positive.default(0.1),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: z.number().min(0).default(5e-4),
  schedule: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("constant") }),
      z.strictObject({ kind: z.literal("step"), at: z.array(share).min(1), factor: positive.default(0.1) }),
      z.strictObject({ kind: z.literal("cosine"), warmUp: share.default(0) }),
      z.strictObject({ kind: z.literal("one-cycle"), warmUp: share.default(0.3) }),
    ])
    .default({ kind: "step", at: [0.8], factor: 0.1 }),
  /** Exponential moving average of weights and batch statistics, used for scoring and testing; null switches it off. */
  averaging: z
    .strictObject({ decay: z.number().gt(0).lt(1) })
    .nullable()
    .default(null),
  /** Random changes of the pictures that are trained on; left out, those of the recipe's task. */
  augmentation: augmentationSchema.prefault({}),
  /** `cold`: every cycle starts from the initial weights. `warm`: from the last cycle's. */
  start: z.enum(["cold", "warm"]).default("cold"),
  lossPrediction: lossPredictionSchema.prefault({}),
});

/** Path of safetensors with torchvision's names to start from; null starts at random. */
const weights = z.string().nullable().default(null);

/** Channels dropped at random before the last layers, in training and in passes for `memberProbabilities`; left out, none are. */
const dropout = z
  .strictObject({
    /** Share of the channels. */
    share: z.number().gt(0).lt(1).default(0.5),
    /** How many passes with dropout the pool is scored in where a strategy asks for them. */
    passes: count.default(10),
  })
  .exactOptional();

const detection = {
  /** Rule of the metric: all points of the precision-recall curve (PASCAL VOC from 2010), or eleven (VOC 2007). */
  averagePrecision: z.enum(["voc", "voc07"]).default("voc"),
  /** How the uncertainties of the kept boxes become the picture's. */
  uncertainty: z.enum(["max", "mean"]).default("max"),
};

export const modelSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("resnet18").default("resnet18"),
    /** Channels of the first stage; 64 is the published net. */
    width: count.default(64),
    weights,
    dropout,
  }),
  z.strictObject({
    /** A single-shot detector on ResNet-18, for small pictures. */
    kind: z.literal("ssd-resnet18"),
    width: count.default(16),
    weights,
    dropout,
    /** 2 halves the side of every map. */
    stemStride: z.union([z.literal(1), z.literal(2)]).default(2),
    /** Maps of half the side each that are made behind the four stages; boxes are told from stages 3 and 4 and these. */
    extraMaps: z.number().int().min(0).max(6).default(2),
    /** Side of the square priors on the finest and on the coarsest map, as shares of the picture's. */
    smallestPrior: share.default(0.15),
    largestPrior: share.default(0.8),
    /** Width over height of the other priors; each stands lying and upright. */
    priorRatios: z.array(z.number().gt(1)).default([2, 3]),
    ...detection,
  }),
  z.strictObject({
    /** SSD300 on VGG-16 (Liu et al. 2016), with the priors that it has for PASCAL VOC; pictures are 300 x 300. */
    kind: z.literal("ssd300-vgg16"),
    /** Channels of the first layer; 64 is the published net. */
    width: count.default(64),
    weights,
    dropout,
    ...detection,
  }),
  z.strictObject({
    /** Stacked hourglass (Newell et al. 2016); heat maps have a quarter of the crop's side. */
    kind: z.literal("hourglass"),
    /** Channels of its maps; 256 is the published net. */
    width: count.multipleOf(4).default(64),
    weights,
    dropout,
    stacks: count.default(2),
    /** How often maps are halved: the crop's side divides by 4 * 2^depth. */
    depth: count.default(4),
    /** Residual blocks at each place. */
    blocks: count.default(1),
    /** Deviation of a joint's Gaussian in pixels of the heat map. */
    sigma: positive.default(1),
    /** Share of joints found within half of the head, a fifth of the torso, a tenth of the box; or COCO's average precision. */
    metric: z.enum(["auto", "PCKh@0.5", "PCK@0.2", "PCK@0.1 box", "OKS AP"]).default("auto"),
    /** Heat maps are the mean of a picture's and of its mirror's, for the metric and the uncertainty; twice the work. */
    flipTest: z.boolean().default(false),
    /** The entropy signal: of all pixels of a heat map, or of the heights of its peaks. */
    entropy: z.enum(["heat-map", "multi-peak"]).default("heat-map"),
  }),
]);

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
export type AugmentationRecipe = z.output<typeof augmentationSchema>;
export type DatasetRecipe = z.output<typeof datasetSchema>;
export type TrainingRecipe = z.output<typeof trainingSchema>;
export type LossPredictionRecipe = z.output<typeof lossPredictionSchema>;
export type ModelRecipe = z.output<typeof modelSchema>;
export type ArmRecipe = z.output<typeof armSchema>;
export type LabellingRecipe = z.output<typeof labellingSchema>;
