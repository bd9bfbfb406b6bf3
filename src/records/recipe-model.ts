// The part of a recipe that says which model is trained.
import { z } from "zod";
import { count, positive, share } from "./recipe-numbers.ts";

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

export type ModelRecipe = z.output<typeof modelSchema>;
