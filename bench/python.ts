// Finds the Python that can run the peers, or says why there is none.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ForelossError } from "../src/core/errors.ts";
import { lastLine } from "./contender-process.ts";

export type Python = { readonly path: string } | { readonly missing: string };

/**
 * Python as named by `--python`, else FORELOSS_PYTHON, else `python3`. One that `--python` names must work (`ForelossError`);
 * without one the peers are skipped with the reason.
 */
export async function findPython(named: string | undefined): Promise<Python> {
  const path = named ?? process.env.FORELOSS_PYTHON ?? "python3";
  try {
    await promisify(execFile)(path, ["-c", "import torch, safetensors, numpy, PIL"]);
    return { path };
  } catch (error) {
    const reason = lastLine((error as { stderr?: string }).stderr) ?? (error as Error).message;
    const missing = `${path}: ${reason}`;
    if (named === undefined) return { missing };
    throw new ForelossError(`--python ${missing}; needs a Python with torch, safetensors, numpy and pillow`, {
      cause: error,
    });
  }
}
