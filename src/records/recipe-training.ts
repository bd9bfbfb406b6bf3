// The part of a recipe that says how a model is trained: length, optimiser, random changes of the pictures, loss prediction.
import { z } from "zod";
import { count, positive, share } from "./recipe-numbers.ts";

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

export type AugmentationRecipe = z.output<typeof augmentationSchema>;
export type TrainingRecipe = z.output<typeof trainingSchema>;
export type LossPredictionRecipe = z.output<typeof lossPredictionSchema>;
