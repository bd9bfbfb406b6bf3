// Runs a contender in a process of its own and reads the report it prints.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { ForelossError } from "../src/core/errors.ts";
import type { Contender, Report, Script } from "./row.ts";

export interface Setting {
  /** Path of what the contenders read. */
  readonly inputs: string;
  readonly threads: number;
  /** How long each process goes on with timed calls. */
  readonly seconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly pythonPath: string | undefined;
}

const report = z.object({
  result: z.record(z.string(), z.array(z.number())),
  figures: z.record(z.string(), z.number()).optional(),
  seconds: z.array(z.number().positive()).min(1),
  peakMemoryBytes: z.number().positive(),
  engine: z.string(),
});

/** Throws a `ForelossError` with the last line of what a script that fails says. */
export async function runContender({ name, script, options }: Contender, setting: Setting): Promise<Report> {
  const { inputs, threads, seconds, environment, pythonPath } = setting;
  const common = ["--inputs", inputs, "--threads", String(threads), "--seconds", String(seconds)];
  try {
    const output = await runScript({ script, options: [...common, ...options] }, { environment, pythonPath });
    return report.parse(JSON.parse(output));
  } catch (error) {
    throw new ForelossError(`${name}: ${lastLine((error as { stderr?: string }).stderr) ?? String(error)}`, {
      cause: error,
    });
  }
}

/** Standard output of a script. The error of a script that fails holds its standard error. */
export async function runScript(
  { script, options }: Script,
  { environment, pythonPath }: Pick<Setting, "environment" | "pythonPath">,
): Promise<string> {
  const program = script.endsWith(".py") ? pythonPath! : process.execPath;
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)(program, [path, ...options], { maxBuffer: 1 << 26, env });
  return stdout;
}

/** Undefined when there is nothing. */
export function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split("\n").at(-1) || undefined;
}
