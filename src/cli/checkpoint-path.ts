// A checkpoint as it is named on the command line: the file, or the folder that holds it.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../core/errors.ts";
import { checkpointFileName } from "../training/checkpoint-file.ts";
import { similarFile } from "./input-file.ts";

/** Path of the checkpoint file. Throws a `UsageError` when there is none. */
export async function checkpointPath(named: string): Promise<string> {
  const path = (await isFolder(named)) ? join(named, checkpointFileName) : named;
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  throw new UsageError(`${path}: no such checkpoint${await similarFile(path)}`, {
    hint: `Name a ${checkpointFileName}, or the folder that \`foreloss train\` or a run wrote it into.`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
