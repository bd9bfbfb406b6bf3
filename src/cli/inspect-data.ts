// What lies in the data folder, as far as `foreloss doctor` can tell.
import { readdir } from "node:fs/promises";

export interface DataReport {
  readonly folder: string | null;
  readonly summary: string;
  readonly problem: string | null;
}

export async function inspectData(folder: string | null): Promise<DataReport> {
  if (folder === null) {
    return { folder, summary: "no folder given (--data or FORELOSS_DATA); the demo needs none", problem: null };
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => error);
  if (entries instanceof Error) return { folder, summary: "", problem: `${folder}: ${entries.message}` };
  const { findCifar10 } = await import("../datasets/index.ts");
  const cifar10 = await findCifar10(folder);
  const folders = entries.filter((entry) => entry.isDirectory()).length;
  const found = cifar10 === undefined ? `${folders} sub-folders, no CIFAR-10` : `CIFAR-10 in ${cifar10}`;
  return { folder, summary: `${folder}: ${found}`, problem: null };
}
