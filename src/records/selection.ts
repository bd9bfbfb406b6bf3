// `picks.manifest.json`: what a choice was made of (files with their digests, strategy, seed, options), so that it can be
// repeated bit for bit, or refused when a file has changed since.
import { z } from "zod";

/** What files can be given for a choice; each is an option of `foreloss select`. */
export const inputNames = [
  "scores",
  "embeddings",
  "probabilities",
  "members",
  "gradients",
  "ids",
  "groups",
  "costs",
  "labelled",
  "labelled-ids",
  "labelled-probabilities",
  "labelled-classes",
  "labelled-items",
] as const;

export type InputName = (typeof inputNames)[number];

export const selectionManifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal("selection"),
  foreloss: z.string(),
  strategy: z.string(),
  seed: z.number().int(),
  /** One of the two is null. */
  count: z.number().int().min(1).nullable(),
  budget: z.number().min(0).nullable(),
  /** Whether `count` is one of groups, which are picked whole. */
  wholeGroups: z.boolean().default(false),
  /** Whether the nearest labelled item of every pick was looked for. */
  nearest: z.boolean(),
  /** What embeddings and the numbers beside them could take; null: it was not said. */
  memoryBytes: z.number().int().min(1).nullable().default(null),
  /** The parts that were chosen in one after the other; null: all items were chosen from in one go. */
  partition: z
    .strictObject({ parts: z.number().int().min(1), rowsPerPart: z.number().int().min(1) })
    .nullable()
    .default(null),
  inputs: z.array(
    z.strictObject({
      option: z.enum(inputNames),
      /** Relative to the manifest. */
      file: z.string(),
      /** The array or the columns that were read; null: what the file holds. */
      part: z.string().nullable(),
      bytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
  /** How many items there were to choose from. */
  items: z.number().int(),
  picks: z.strictObject({ file: z.string(), count: z.number().int(), sha256: z.string() }),
});

export type SelectionManifest = z.output<typeof selectionManifestSchema>;
