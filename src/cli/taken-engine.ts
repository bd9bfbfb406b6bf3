// The engine that a command takes, found out before its work begins, so that a wrong choice costs nothing and the right one
// is told.
import { availableParallelism } from "node:os";
import { counted } from "../core/counted.ts";
import { type EngineSpec, openEngine } from "../training/engines.ts";
import type { EngineOptions } from "./options.ts";

export interface TakenEngine extends EngineSpec {
  /** Name and version of what does the arithmetic, with the precision where there is a choice. */
  readonly version: string;
}

/** The engine that the options name; `jobs` at a time share the cores. Throws as `openEngine` does. */
export async function takeEngine(options: EngineOptions, jobs = 1): Promise<TakenEngine> {
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs));
  const settings = { threads, precision: options.precision };
  const { name, version } = await openEngine(options.engine, settings);
  return { name, version, ...settings };
}

/** `engine: native (oneDNN 2.6.3, bfloat16), 2 threads` */
export function engineLine({ name, version, threads }: Pick<TakenEngine, "name" | "version" | "threads">): string {
  return `engine: ${name} (${version}), ${counted(threads, "thread")}`;
}
