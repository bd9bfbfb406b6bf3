// The folder of a run: where everything stands in it, taking it into use, and clearing away what a kill left half done.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ForelossError } from "../../core/errors.ts";
import type { Recipe } from "../../records/recipe.ts";
import { lockFolder } from "./lock.ts";
import type { Chain } from "./portion.ts";

const parts = ["cycles.jsonl", "checkpoints", "results.json", "report.html", "manifest.json"] as const;

export interface RunFolder {
  readonly path: string;
  readonly manifest: string;
  readonly cycles: string;
  readonly results: string;
  readonly report: string;
  /** Checkpoints of one chain, and what its learner keeps for itself. */
  chain(chain: Chain): string;
  /** The first cycle that several arms share, named after the first of them. */
  firstCycle(chain: Chain): string;
  /** Lets another process work here. */
  release(): Promise<void>;
}

/**
 * Takes a folder for a run, making it when it is not there; with `fresh` an earlier run in it is deleted.
 * Throws a `ForelossError` when another process works in it, or when it holds other things than a run.
 */
export async function takeRunFolder(path: string, recipe: Recipe, fresh: boolean): Promise<RunFolder> {
  await refuseOtherFolder(path);
  refuseSameNames(recipe);
  await mkdir(path, { recursive: true });
  const release = await lockFolder(path);
  try {
    await sweep(path);
    if (fresh) for (const part of parts) await discard(join(path, part));
    return layout(path, release);
  } catch (error) {
    await release();
    throw error;
  }
}

function layout(path: string, release: () => Promise<void>): RunFolder {
  const checkpoints = join(path, "checkpoints");
  return {
    path,
    manifest: join(path, "manifest.json"),
    cycles: join(path, "cycles.jsonl"),
    results: join(path, "results.json"),
    report: join(path, "report.html"),
    chain: (chain) => join(checkpoints, chainName(chain)),
    firstCycle: (chain) => join(checkpoints, "first-cycle", chainName(chain)),
    release,
  };
}

/** `<arm>-<seed>` with everything that file systems dislike written as in a web address. */
function chainName({ arm, seed }: Chain): string {
  return `${encodeURIComponent(arm.name).replaceAll("*", "%2A")}-${seed}`;
}

function refuseSameNames({ arms, seeds, name }: Recipe): void {
  const taken = new Map<string, string>();
  for (const arm of arms) {
    for (const seed of new Set(seeds)) {
      const key = chainName({ arm, seed }).toLowerCase();
      const other = taken.get(key);
      if (other !== undefined)
        throw new ForelossError(
          `recipe "${name}": the files of arms "${other}" and "${arm.name}" would have one name`,
          {
            hint: "rename one of the arms",
          },
        );
      taken.set(key, arm.name);
    }
  }
}

/** A folder without a manifest must be empty, but for what a run writes before its manifest. */
async function refuseOtherFolder(path: string): Promise<void> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new ForelossError(`${path}: is a file; give a folder for the run`);
    throw error;
  });
  if (names.includes("manifest.json")) return;
  const strange = names.find((name) => name !== "run.lock" && !name.startsWith("."));
  if (strange !== undefined)
    throw new ForelossError(`${path}: is not the folder of a run: it has "${strange}" and no manifest.json`, {
      hint: "choose a new or empty folder with --out",
    });
}

/** What writes and renames leave behind when they are killed. */
function isTemporary(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".tmp");
}

async function sweep(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isTemporary(entry.name)) await rm(path, { recursive: true, force: true });
    else if (entry.isDirectory()) await sweep(path);
  }
}

/** Deletes a file or folder so that a kill leaves it whole or gone (the rest is swept away at the next start). */
export async function discard(path: string): Promise<void> {
  const aside = temporaryBeside(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

let made = 0;

/** A name beside `path` for something to be renamed to or from it. */
export function temporaryBeside(path: string): string {
  const whole = resolve(path);
  return join(dirname(whole), `.${basename(whole)}.${process.pid}-${made++}.tmp`);
}
