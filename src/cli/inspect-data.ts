// What lies in the data folder, as far as `foreloss doctor` can tell.
import { readdir } from "node:fs/promises";

export interface DataReport {
  readonly folder: string | null;
  readonly summary: string;
  readonly problem: string | null;
}

/** Without `canRead` (what reads pictures is missing) only sub-folders are counted. */
export async function inspectData(folder: string | null, canRead: boolean): Promise<DataReport> {
  if (folder === null) {
    return { folder, summary: "no folder given (--data or FORELOSS_DATA); the demo needs none", problem: null };
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => error);
  if (entries instanceof Error) return { folder, summary: "", problem: entries.message };
  const cifar10 = canRead ? await findCifar10(folder) : undefined;
  const folders = entries.filter((entry) => entry.isDirectory()).length;
  const found = cifar10 === undefined ? `${folders} sub-folders, no CIFAR-10 seen` : `CIFAR-10 in ${cifar10}`;
  return { folder, summary: `${folder}: ${found}`, problem: null };
}

async function findCifar10(folder: string): Promise<string | undefined> {
  return (await import("../datasets/cifar10.ts")).findCifar10(folder);
}
