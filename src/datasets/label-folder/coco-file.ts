// One JSON file as COCO has them (Lin et al. 2014; cocodataset.org, "data format"), whatever its annotations are: its three
// lists, and the ids and checks of their entries.
import path from "node:path";
import { z } from "zod";
import { describeProblems } from "../../records/describe-problems.ts";
import { parseJson } from "../../records/parse-json.ts";
import { type Fault, FaultError } from "./faults.ts";
import { type FolderFiles, folderOf, withoutEnding } from "./folder-files.ts";

export const cocoId = z.union([z.number(), z.string()]);

/** Whole numbers, but for some tools that write texts. */
export type CocoId = z.output<typeof cocoId>;

const lists = ["images", "annotations", "categories"] as const;
const fileSchema = z.looseObject({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.array(z.unknown()),
});

/** The three lists of a file, their entries as they are; undefined when it does not have them. Throws where it is not JSON. */
export async function readCocoLists(
  files: FolderFiles,
  file: string,
): Promise<z.output<typeof fileSchema> | undefined> {
  const text = await files.text(file);
  if (!lists.every((list) => text.includes(`"${list}"`))) return undefined;
  return orThrow(checked(fileSchema, parseJson(text, file), file));
}

/** `annotations/instances_val2017.json` and `person_keypoints_val2017.json` are val2017; `train/_annotations.coco.json` is train. */
export function setName(file: string): string {
  const name = path.posix.basename(withoutEnding(file));
  if (/^_?annotations(?:\.coco)?$/.test(name)) return path.posix.basename(folderOf(file)).replace(/^annotations$/, "");
  return name.replace(/^(?:instances|person_keypoints)_/, "");
}

export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): { data: T } | { fault: Fault } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  return { fault: { kind: "malformed", where, what: describeProblems(schema, value, parsed.error).join("; ") } };
}

/** What `checked` gives, or its fault thrown. */
export function orThrow<T>(outcome: ReturnType<typeof checked<T>>): T {
  if ("fault" in outcome) throw new FaultError(outcome.fault);
  return outcome.data;
}
