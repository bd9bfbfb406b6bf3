// The manifest beside the picks: written with them, and read again to repeat the choice.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { ForelossError } from "../../core/errors.ts";
import type { ArrayFile } from "../../records/arrays/array-file.ts";
import { describeProblems } from "../../records/describe-problems.ts";
import { parseJson } from "../../records/parse-json.ts";
import { type InputName, type SelectionManifest, selectionManifestSchema } from "../../records/selection.ts";
import { strategyNamed } from "../../strategies/index.ts";
import { checkInputFile, readInput } from "../input-file.ts";
import { packageVersion } from "../package-version.ts";
import type { Choice, Chosen } from "./choice.ts";

/** `picks.csv` -> `picks.manifest.json`. */
export function manifestPath(out: string): string {
  return `${out.slice(0, out.length - extname(out).length)}.manifest.json`;
}

/** What the input files are now. To be asked for before they are read. */
export async function describeInputs({ inputs }: Choice, manifest: string): Promise<SelectionManifest["inputs"]> {
  const files = (Object.entries(inputs) as [InputName, readonly ArrayFile[]][]).flatMap(([option, some]) =>
    some.map((file) => ({ option, file })),
  );
  const digests = new Map<string, Digest>();
  for (const { file } of files) if (!digests.has(file.path)) digests.set(file.path, await digestOfFile(file.path));
  return files.map(({ option, file: { path, part } }) => ({
    option,
    file: relative(dirname(resolve(manifest)), resolve(path)).replaceAll("\\", "/"),
    part,
    ...digests.get(path)!,
  }));
}

interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

async function digestOfFile(path: string): Promise<Digest> {
  await checkInputFile(path);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

export function digestOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** `out` is where the picks stand, `text` what stands there. */
export function manifestOf(
  choice: Choice,
  { items, picks, partition }: Chosen,
  inputs: SelectionManifest["inputs"],
  { out, text }: { readonly out: string; readonly text: string },
): SelectionManifest {
  const { strategy, seed, count, wholeGroups, budget, nearest, memoryBytes } = choice;
  const file = relative(dirname(resolve(manifestPath(out))), resolve(out));
  return {
    version: 1,
    kind: "selection",
    foreloss: packageVersion(),
    ...{ strategy: strategy.name, seed, count, wholeGroups, budget, nearest, memoryBytes, partition, inputs, items },
    picks: { file, count: picks.length, sha256: digestOfText(text) },
  };
}

/** The choice of a manifest, once it is sure that no input has changed since. */
export async function readManifest(path: string): Promise<{ choice: Choice; manifest: SelectionManifest }> {
  const value = parseJson(await readInput(path, "utf8"), path);
  const parsed = selectionManifestSchema.safeParse(value);
  if (!parsed.success) {
    const problems = describeProblems(selectionManifestSchema, value, parsed.error);
    throw new ForelossError(problems.map((line) => `${path}: ${line}`).join("\n"));
  }
  const manifest = parsed.data;
  const inputs: { [N in InputName]?: ArrayFile[] } = {};
  for (const input of manifest.inputs) {
    const file = { path: join(dirname(path), input.file), part: input.part };
    await refuseChanged(file.path, input);
    inputs[input.option] = [...(inputs[input.option] ?? []), file];
  }
  const { seed, count, wholeGroups, budget, nearest, partition } = manifest;
  const memoryBytes = partition === null ? null : manifest.memoryBytes; // what was not parted then is not parted now
  const strategy = strategyNamed(manifest.strategy);
  const choice = { strategy, seed, count, wholeGroups, budget, nearest, memoryBytes, partition, inputs };
  return { choice, manifest };
}

async function refuseChanged(path: string, then: Digest): Promise<void> {
  const now = await digestOfFile(path);
  if (now.sha256 === then.sha256) return;
  throw new ForelossError(
    `${path}: has changed since (${then.bytes} bytes with SHA-256 ${then.sha256.slice(0, 12)}..., now ${now.bytes} with ${now.sha256.slice(0, 12)}...); the choice cannot be repeated with it`,
  );
}
