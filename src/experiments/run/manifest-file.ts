// The manifest on disk: joining a run that is there already, refusing another one in its place, noting each session.
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { ForelossError } from "../../core/errors.ts";
import { type Manifest, manifestSchema, type Session } from "../../records/manifest.ts";
import { parseJson } from "../../records/parse-json.ts";
import type { Recipe } from "../../records/recipe.ts";
import { writeFileAtomic } from "../../records/write-file-atomic.ts";
import type { RunOptions } from "./run-options.ts";

/** What makes a run the same run. */
export type RunIdentity = Pick<Manifest, "recipe" | "dataset" | "engine">;

export function identityOf(recipe: Recipe, about: Pick<RunOptions, "dataset" | "engine">): RunIdentity {
  const { dataset, engine } = about;
  return { recipe, dataset: { name: dataset.name, digest: dataset.digest }, engine };
}

/**
 * The sessions a run had so far; none when there is no manifest at `path`.
 * Throws a `ForelossError` that says what differs when the run there is another one.
 */
export async function earlierSessions(path: string, identity: RunIdentity): Promise<readonly Session[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return [];
  const { data, error } = manifestSchema.safeParse(parseJson(text, path));
  if (data === undefined) throw unreadable(path, error.issues[0]?.path.join(".") ?? "");
  const { recipe, dataset, engine } = data;
  // Through JSON, so that both sides have lost the same (undefined fields, -0).
  const differences = differing({ recipe, dataset, engine }, JSON.parse(JSON.stringify(identity)), "");
  if (differences.length > 0) throw anotherRun(path, differences);
  return data.sessions;
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** One entry per field that differs: `recipe.training.batch: 128 there, 64 now`. */
function differing(there: unknown, now: unknown, field: string): string[] {
  if (isDeepStrictEqual(there, now)) return [];
  if (!isObject(there) || !isObject(now)) return [`${field}: ${shown(there)} there, ${shown(now)} now`];
  const names = [...new Set([...Object.keys(there), ...Object.keys(now)])];
  return names.flatMap((name) => differing(there[name], now[name], field === "" ? name : `${field}.${name}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** As JSON, at most 60 characters. */
function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

const wayOut = "choose another --out, or delete the run that is there with --fresh";
const sameEngine = "go on with the engine it was begun with (--engine, --precision, --threads)";

function anotherRun(path: string, differences: readonly string[]): ForelossError {
  const more = differences.length > 8 ? [`and ${differences.length - 8} more`] : [];
  return new ForelossError(
    `${path}: another run is kept here; what differs: ${[...differences.slice(0, 8), ...more].join("; ")}`,
    { hint: differences.some((field) => field.startsWith("engine.")) ? `${sameEngine}, ${wayOut}` : wayOut },
  );
}

function unreadable(path: string, field: string): ForelossError {
  return new ForelossError(`${path}: ${field}: is not as this version writes it`, {
    hint: wayOut,
  });
}
