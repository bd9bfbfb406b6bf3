// What a checkpoint says of itself: enough to score pictures with it and to export it, without the run it came from.
// It stands as JSON under the key `foreloss` in the metadata of the safetensors file.
import { z } from "zod";
import { ForelossError } from "../core/errors.ts";
import { modelSchema } from "./recipe-model.ts";
import { taskSchema } from "./recipe-task.ts";
import { lossPredictionSchema } from "./recipe-training.ts";

export const checkpointSchema = z.object({
  version: z.literal(1),
  task: taskSchema,
  model: modelSchema,
  classNames: z.array(z.string()).min(1),
  /** Of models of poses. */
  skeleton: z
    .object({
      jointNames: z.array(z.string()).min(1),
      bones: z.array(z.tuple([z.number().int(), z.number().int()])),
      mirrorOf: z.array(z.number().int()),
    })
    .exactOptional(),
  imageSize: z.object({
    width: z.number().int(),
    height: z.number().int(),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  /** How pictures of another size are brought to it. */
  resize: z.enum(["fit", "crop", "warp"]),
  normalisation: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }),
  lossPrediction: lossPredictionSchema.nullable(),
  /** Whether averaged weights lie beside the last ones (and are the ones to infer with). */
  averaged: z.boolean(),
  /** Cycle and step the weights are of, and a digest of the labelled items they saw. */
  progress: z.object({ cycle: z.number().int(), step: z.number().int(), labelled: z.string() }),
});

export type CheckpointRecord = z.output<typeof checkpointSchema>;

const metadataKey = "foreloss";

export function checkpointMetadata(record: CheckpointRecord): Record<string, string> {
  return { [metadataKey]: JSON.stringify(record) };
}

/** Reads the record out of a file's metadata. Throws a `ForelossError` naming `where` when it is none of ours. */
export function readCheckpointRecord(metadata: Readonly<Record<string, string>>, where: string): CheckpointRecord {
  const text = metadata[metadataKey];
  if (text === undefined) {
    throw new ForelossError(`${where}: not a Foreloss checkpoint (its metadata has no "${metadataKey}")`, {
      hint: "Give the model.safetensors that `foreloss train` or a run wrote.",
    });
  }
  const parsed = checkpointSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new ForelossError(`${where}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
