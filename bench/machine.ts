// The machine and the code a benchmark ran on, for its record.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly logicalCores: number;
  /** Instruction sets that matter here; null where the system does not tell. */
  readonly features: readonly string[] | null;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core before the benchmark began, mean over a minute; figures of a busy machine say little. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    logicalCores: cpus().length,
    features: cpuFeatures(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0]!,
  };
}

function cpuFeatures(): string[] | null {
  if (platform() !== "linux") return null;
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(" ") ?? [];
  return flags.filter((flag) => /^(?:avx2|avx512f|avx512_bf16|avx512_vnni|amx_\w+|fma|asimd|sve\w*|bf16)$/.test(flag));
}

/** Commit of the code, with "and changes" when the working tree differs from it; null outside a repository. */
export function describeCommit(): string | null {
  const git = (...options: string[]) => execFileSync("git", options, { encoding: "utf8", stdio: "pipe" }).trim();
  try {
    const changed = git("status", "--porcelain", "--", "src", "bench", "package-lock.json") !== "";
    return git("rev-parse", "HEAD") + (changed ? " and changes" : "");
  } catch {
    return null;
  }
}
