// The part of a recipe that says where the pictures and their labels come from.
import { z } from "zod";
import { count } from "./recipe-numbers.ts";

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

/** Scenes that are drawn. */
const sceneFields = {
  seed: z.number().int().default(0),
  train: count.default(2000),
  test: count.default(400),
  /** Side of the pictures. */
  sidePx: z.literal([64, 96]).default(64),
};

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
  z.strictObject({ kind: z.literal("made-up-figures"), ...sceneFields }),
  z.strictObject({ kind: z.literal("made-up-boxes"), ...sceneFields }),
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

export type DatasetRecipe = z.output<typeof datasetSchema>;
