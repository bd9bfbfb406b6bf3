// Runs a contender in a process of its own and reads the report it prints.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Contender, Report } from "./row.ts";

export interface Setting {
  /** Path of the inputs file. */
  readonly inputs: string;
  readonly threads: number;
  /** How long each process goes on with timed calls. */
  readonly seconds: number;
  /** Engine of our side. */
  readonly engine: string;
  readonly pythonPath: string | undefined;
}

const report = z.object({
  result: z.record(z.string(), z.array(z.number())),
  seconds: z.array(z.number().positive()).min(1),
  peakMemoryBytes: z.number().positive(),
  engine: z.string(),
});

export async function runContender(contender: Contender, setting: Setting): Promise<Report> {
  const common = [
    "--inputs",
    setting.inputs,
    "--threads",
    String(setting.threads),
    "--seconds",
    String(setting.seconds),
  ];
  const engine = contender.script.endsWith(".ts") ? ["--engine", setting.engine, "--precision", "float32"] : [];
  const output = await runScript(contender.script, [...common, ...engine, ...contender.options], setting.pythonPath);
  return report.parse(JSON.parse(output));
}

/** Standard output of a script in `bench/`. The error of a script that fails holds its standard error. */
export async function runScript(script: string, options: readonly string[], pythonPath?: string): Promise<string> {
  const program = script.endsWith(".py") ? pythonPath! : process.execPath;
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(program, [path, ...options], { maxBuffer: 1 << 26 });
  return stdout;
}
