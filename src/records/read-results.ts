// Reading the `results.json` of a run. The comparison in it is left aside: it follows from the arms and is made anew by
// whoever needs it.
import { z } from "zod";
import { ForelossError } from "../core/errors.ts";
import { cycleRecordSchema } from "./cycle-line.ts";
import { describeProblems } from "./describe-problems.ts";
import { parseJson } from "./parse-json.ts";
import type { Results } from "./results.ts";

const armSchema = z.object({
  name: z.string(),
  strategy: z.string(),
  lossPrediction: z.string(),
  start: z.enum(["cold", "warm"]),
  members: z.number().exactOptional(),
  seeds: z.array(z.object({ seed: z.number(), cycles: z.array(cycleRecordSchema) })),
});

const resultsSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  task: z.string(),
  dataset: z.object({
    name: z.string(),
    digest: z.string(),
    classes: z.array(z.string()),
    train: z.number(),
    test: z.number(),
  }),
  engine: z.object({ name: z.string(), version: z.string(), threads: z.number() }),
  metric: z.string(),
  arms: z.array(armSchema),
  provenance: z.object({
    foreloss: z.string(),
    command: z.string(),
    machine: z.string(),
    started: z.string(),
    finished: z.string().nullable(),
    recipe: z.unknown(),
  }),
});

/** The results in a JSON text. `where` (a path) opens the message of the `ForelossError` for anything else. */
export function parseResults(text: string, where: string): Omit<Results, "comparison"> {
  const value = parseJson(text, where);
  const parsed = resultsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first, ...more] = describeProblems(resultsSchema, value, parsed.error);
  const others = more.length === 0 ? "" : ` (and ${more.length} more problems)`;
  throw new ForelossError(`${where}: not the results of a run: ${first}${others}`);
}
