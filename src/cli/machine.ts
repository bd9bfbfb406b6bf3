// What this machine is made of: processor, its vector features, cores, memory.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, cpus, totalmem } from "node:os";
import { promisify } from "node:util";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Features that decide how fast arithmetic is, present or not; null where this system cannot be asked. */
  readonly features: Readonly<Record<string, boolean>> | null;
  readonly memoryBytes: number;
}

export async function describeMachine(): Promise<Machine> {
  const features = await readFeatures();
  const model = cpus()[0]?.model.trim();
  return { cpu: model || arch(), cores: cpus().length, features, memoryBytes: totalmem() };
}

/** Words by which Linux (`/proc/cpuinfo`) and macOS (`sysctl`) name a feature. */
const featureWords: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  x64: {
    AVX2: ["avx2"],
    "AVX-512": ["avx512f"],
    "AVX512-BF16": ["avx512_bf16"],
    AMX: ["amx_tile"],
  },
  arm64: {
    NEON: ["asimd", "hw.optional.neon", "hw.optional.advsimd"],
    SVE: ["sve"],
    BF16: ["bf16", "hw.optional.arm.feat_bf16"],
  },
};

async function readFeatures(): Promise<Machine["features"]> {
  const known = featureWords[arch()];
  const words = await readFeatureWords();
  return known === undefined || words === null ? null : featuresAmong(known, words);
}

/** Which of the features the words of the system name. */
export function featuresAmong(
  known: Readonly<Record<string, readonly string[]>>,
  words: ReadonlySet<string>,
): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(known).map(([feature, names]) => [feature, names.some((name) => words.has(name))]),
  );
}

async function readFeatureWords(): Promise<ReadonlySet<string> | null> {
  if (process.platform === "linux") return linuxWords(await readFile("/proc/cpuinfo", "utf8"));
  if (process.platform === "darwin") return macWords((await promisify(execFile)("sysctl", ["-a"])).stdout);
  return null;
}

/** The flags of the first processor in `/proc/cpuinfo`. */
export function linuxWords(cpuinfo: string): ReadonlySet<string> {
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? "";
  return new Set(flags.trim().split(/\s+/));
}

/** Intel: the words of `machdep.cpu.*features`; Apple: the names of `hw.optional.*` that are 1. */
export function macWords(sysctl: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const line of sysctl.toLowerCase().split("\n")) {
    const [name = "", value = ""] = line.split(": ");
    if (/^machdep\.cpu\.(?:leaf7_)?features$/.test(name)) for (const word of value.split(" ")) words.add(word);
    if (name.startsWith("hw.optional.") && value.trim() === "1") words.add(name);
  }
  return words;
}

/** One line for the record of a run. */
export function machineInWords({ cpu, cores, memoryBytes }: Machine): string {
  return `${cpu}, ${cores} cores, ${gibibytes(memoryBytes)} GiB, ${process.platform} ${arch()}`;
}

export function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
