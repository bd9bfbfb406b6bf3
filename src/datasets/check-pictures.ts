// Looks at every picture of a folder before anything is trained on it. With many pictures that takes a while, so it says
// how far it is, can be stopped, and is done once: other threads are handed what was found.
import { stat } from "node:fs/promises";
import path from "node:path";
import { stopIfAborted } from "../core/errors.ts";
import { type FolderPicture, readFolderLayout } from "./folder-layout.ts";
import { inParallel } from "./in-parallel.ts";
import { isJpegName, type JpegReader } from "./jpeg-reader.ts";
import { examinePicture } from "./read-picture.ts";

export interface OpenProgress {
  /** Called for every file looked at: `done` of `total`. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** When aborted, opening stops soon with an `InterruptedError`. */
  readonly signal?: AbortSignal | undefined;
}

export interface LookOptions extends OpenProgress {
  /** Looks at plain JPEG files faster. */
  readonly jpegs?: JpegReader | undefined;
}

/** Size and time of change of a file. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** A picture that can be used, with what the digest holds of its file. */
export interface CheckedPicture extends FolderPicture, FileStamp {}

export interface Checked {
  readonly usable: readonly CheckedPicture[];
  /** Pictures that cannot be used, `path: reason`. */
  readonly skipped: readonly string[];
}

/** What was found in a folder of class folders; plain data, from which another thread opens it without looking again. */
export interface FolderSurvey {
  readonly kind: "folder";
  readonly classNames: readonly string[];
  readonly train: Checked;
  /** The part that the folder itself holds out, or null when it holds no split. */
  readonly test: Checked | null;
  /** What the layout passes over, `path: reason`. */
  readonly skipped: readonly string[];
}

export const checksAtOnce = 16;
/** Pictures of a folder are looked at in parts of so many, so many parts at one time. */
const partPictures = 64;
const partsAtOnce = 4;

export async function checkPictures(
  root: string,
  pictures: readonly FolderPicture[],
  { onProgress, signal, jpegs }: LookOptions,
): Promise<Checked> {
  let done = 0;
  const checked = await inParallel(partsOf(pictures), partsAtOnce, async (part) => {
    const plain = jpegs === undefined ? [] : await plainOnes(root, part, jpegs);
    return await inParallel(part, checksAtOnce / partsAtOnce, async (picture, i) => {
      stopIfAborted(signal, `after looking at ${done} of ${pictures.length} pictures`);
      const outcome = plain[i] ?? (await checkPicture(root, picture));
      onProgress?.(++done, pictures.length);
      return outcome;
    });
  });
  const usable: CheckedPicture[] = [];
  const skipped: string[] = [];
  for (const outcome of checked.flat()) {
    if (typeof outcome === "string") skipped.push(outcome);
    else usable.push(outcome);
  }
  return { usable, skipped };
}

/** Looks at all pictures of a folder; the progress is that of both parts together. */
export async function surveyFolder(root: string, { onProgress, ...rest }: LookOptions): Promise<FolderSurvey> {
  const { classNames, train, test, skipped } = await readFolderLayout(root);
  const total = train.length + (test?.length ?? 0);
  const after = (before: number) => ({ ...rest, onProgress: (done: number) => onProgress?.(before + done, total) });
  return {
    kind: "folder",
    classNames,
    train: await checkPictures(root, train, after(0)),
    test: test === null ? null : await checkPictures(root, test, after(train.length)),
    skipped,
  };
}

function partsOf<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / partPictures);
  return Array.from({ length: count }, (_, i) => items.slice(i * partPictures, (i + 1) * partPictures));
}

/** Those of the pictures that are plainly whole JPEGs, each at its place. */
async function plainOnes(
  root: string,
  pictures: readonly FolderPicture[],
  jpegs: JpegReader,
): Promise<(CheckedPicture | undefined)[]> {
  const named = [...pictures.keys()].filter((i) => isJpegName(pictures[i]!.id));
  const facts = await jpegs.look(named.map((i) => path.join(root, pictures[i]!.id)));
  const plain = new Array<CheckedPicture | undefined>(pictures.length);
  for (const [n, i] of named.entries()) {
    const [bytes, modifiedMs] = [facts[2 * n]!, facts[2 * n + 1]!];
    if (!Number.isNaN(bytes)) plain[i] = { ...pictures[i]!, bytes, modifiedMs: Math.floor(modifiedMs) };
  }
  return plain;
}

/** Why the picture cannot be used, or the picture with its file's size and time of change. */
async function checkPicture(root: string, picture: FolderPicture): Promise<string | CheckedPicture> {
  const file = path.join(root, picture.id);
  const examined = await examinePicture(file);
  if ("fault" in examined) return `${picture.id}: ${examined.fault}`;
  return { ...picture, ...(await fileStamp(file)) };
}

/** What the digest of a data set holds of a file. */
export async function fileStamp(file: string): Promise<FileStamp> {
  const { size, mtimeMs } = await stat(file);
  return { bytes: size, modifiedMs: Math.floor(mtimeMs) };
}
