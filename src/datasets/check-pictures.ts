// Looks at the header of every picture of a folder before anything is trained on it. With many pictures that takes a
// while, so it says how far it is and can be stopped.
import { stat } from "node:fs/promises";
import path from "node:path";
import { stopIfAborted } from "../core/errors.ts";
import type { FolderLayout, FolderPicture } from "./folder-layout.ts";
import { inParallel } from "./in-parallel.ts";
import { pictureFault } from "./read-picture.ts";

export interface OpenProgress {
  /** Called for every file looked at: `done` of `total`. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** When aborted, opening stops soon with an `InterruptedError`. */
  readonly signal?: AbortSignal | undefined;
}

/** A picture that can be used, with what the digest holds of its file. */
export interface CheckedPicture extends FolderPicture {
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface Checked {
  readonly usable: readonly CheckedPicture[];
  /** Pictures that cannot be used, `path: reason`. */
  readonly skipped: readonly string[];
}

const checksAtOnce = 16;

export async function checkPictures(
  root: string,
  pictures: readonly FolderPicture[],
  { onProgress, signal }: OpenProgress,
): Promise<Checked> {
  let done = 0;
  const checked = await inParallel(pictures, checksAtOnce, async (picture) => {
    stopIfAborted(signal, `after looking at ${done} of ${pictures.length} pictures`);
    const outcome = await checkPicture(root, picture);
    onProgress?.(++done, pictures.length);
    return outcome;
  });
  const usable: CheckedPicture[] = [];
  const skipped: string[] = [];
  for (const outcome of checked) {
    if (typeof outcome === "string") skipped.push(outcome);
    else usable.push(outcome);
  }
  return { usable, skipped };
}

/** Both parts of a folder; the progress is that of all its files together. */
export async function checkParts(
  root: string,
  { train, test }: Pick<FolderLayout, "train" | "test">,
  { onProgress, signal }: OpenProgress,
): Promise<{ train: Checked; test: Checked | null }> {
  const total = train.length + (test?.length ?? 0);
  const after = (before: number) => ({ signal, onProgress: (done: number) => onProgress?.(before + done, total) });
  return {
    train: await checkPictures(root, train, after(0)),
    test: test === null ? null : await checkPictures(root, test, after(train.length)),
  };
}

/** Why the picture cannot be used, or the picture with its file's size and time of change. */
async function checkPicture(root: string, picture: FolderPicture): Promise<string | CheckedPicture> {
  const file = path.join(root, picture.id);
  const fault = await pictureFault(file);
  if (fault !== undefined) return `${picture.id}: ${fault}`;
  const { size, mtimeMs } = await stat(file);
  return { ...picture, bytes: size, modifiedMs: Math.floor(mtimeMs) };
}
