// One line of a run's `cycles.jsonl`: a finished cycle with the arm and seed it belongs to. The file is only ever added
// to, and together with the recipe and the data set it is all that is needed to take a run up again.
import { z } from "zod";

const rate = z.number().nullable();

/** What one training gave, as it is kept beside a checkpoint. */
export const fitReportSchema = z.object({
  metric: z.number(),
  ensembleMetric: z.number().exactOptional(),
  trainMetric: z.number(),
  testLoss: z.number(),
  rankingAccuracy: rate,
  rankCorrelation: rate,
  lossSample: z.array(z.tuple([z.number(), z.number()])),
  agreement: z.number().exactOptional(),
  steps: z.number(),
  trainSeconds: z.number(),
});

/** What a model decides about the held-out items, as it is kept beside a checkpoint. */
export const decisionsSchema = z.array(z.number().int());

const boxSchema = z.object({
  classIndex: z.number().int().min(0),
  score: z.number().exactOptional(),
  left: z.number(),
  top: z.number(),
  right: z.number(),
  bottom: z.number(),
});
const jointSchema = z.object({ name: z.string(), x: z.number(), y: z.number(), score: z.number().exactOptional() });
const place = z.number().int().min(0);
const personSchema = z.object({
  joints: z.array(jointSchema).readonly(),
  bones: z.array(z.tuple([place, place]).readonly()).readonly(),
});
const drawingSchema = z.object({ boxes: z.array(boxSchema).readonly(), person: personSchema.exactOptional() });

export const pickSchema = z.object({
  item: z.string(),
  signals: z.record(z.string(), z.number()),
  mode: z.string().exactOptional(),
  seen: drawingSchema.exactOptional(),
});

export const cycleRecordSchema = z.object({
  cycle: z.number().int().min(0),
  labels: z.number().int().min(0),
  labelsAsked: z.number().int().min(0).exactOptional(),
  ...fitReportSchema.shape,
  scoreSeconds: z.number(),
  poolEntropy: z.object({ mean: z.number(), items: z.number().int() }).exactOptional(),
  picks: z.array(pickSchema),
});

export const cycleLineSchema = z.object({
  arm: z.string(),
  seed: z.number().int(),
  /** The first set, in the order drawn; stands in the line of cycle 0 only. */
  initial: z.array(z.string()).exactOptional(),
  ...cycleRecordSchema.shape,
});

export type CycleLine = z.output<typeof cycleLineSchema>;
