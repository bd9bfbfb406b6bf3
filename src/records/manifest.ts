// `manifest.json` of a run folder: which experiment lives there (recipe, data, engine: these must not change), and the
// sessions that worked on it (when, where, by which command).
import { z } from "zod";

const moment = z.iso.datetime();

export const sessionSchema = z.object({
  command: z.string(),
  machine: z.string(),
  node: z.string(),
  foreloss: z.string(),
  /** The portion asked for. */
  arms: z.array(z.string()),
  seeds: z.array(z.number().int()),
  started: moment,
  /** Null while it works, and for ever when it was killed. */
  ended: moment.nullable(),
  outcome: z.enum(["finished", "interrupted", "failed"]).nullable(),
});

export const manifestSchema = z.object({
  version: z.literal(1),
  /** As it was carried out, with all defaults filled in. */
  recipe: z.looseObject({ name: z.string() }),
  dataset: z.object({ name: z.string(), digest: z.string() }),
  engine: z.object({ name: z.string(), version: z.string(), threads: z.number().int() }),
  /**
   * Arms whose first cycle is one and the same training (same settings, same seed): it is carried out once, and each of
   * them records its figures and seconds.
   */
  sharedFirstCycles: z.array(z.array(z.string())),
  sessions: z.array(sessionSchema),
});

export type Session = z.output<typeof sessionSchema>;
export type Manifest = z.output<typeof manifestSchema>;
