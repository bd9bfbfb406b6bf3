// `foreloss build-native`: compiles the addon of the native engine with the machine's C++ compiler, against oneDNN and
// libjpeg-turbo.
import { execFile } from "node:child_process";
import { mkdir, readdir, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, availableParallelism, platform } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { ForelossError } from "../core/errors.ts";
import { addonPath, installCommand } from "../engine/backends/native/index.ts";
import { declareCommand } from "./command.ts";

interface BuildOptions {
  readonly compiler?: string;
  readonly sanitize?: boolean;
  readonly onednn?: string;
}

export function addBuildNativeCommand(program: Command): void {
  declareCommand(program, {
    usage: "build-native",
    summary: "compile the native engine, which trains several times as fast",
    details: `Needs a C++ compiler, oneDNN 2.6 or later and libjpeg-turbo: ${installCommand()}`,
    examples: ["foreloss build-native", "foreloss build-native --onednn /opt/onednn"],
  })
    .option("--compiler <name>", "C++ compiler (default: what CXX says, else c++)")
    .option("--onednn <folder>", "where oneDNN lies, with include and lib in it (default: where the compiler looks)")
    .option("--sanitize", "with AddressSanitizer, for tests of the addon itself")
    .action(buildNative);
}

/** One object file: what is compiled, with which options beside those of all. */
interface Unit {
  readonly source: string;
  readonly name: string;
  readonly options: readonly string[];
}

const sources = join(dirname(dirname(addonPath)), "src");
const objects = join(dirname(addonPath), "objects");

async function buildNative(options: BuildOptions): Promise<void> {
  const compiler = options.compiler ?? process.env.CXX ?? "c++";
  const { compile, link } = flags(options);
  await mkdir(objects, { recursive: true });
  const units = [...kernelUnits(), ...(await otherUnits())];
  console.log(`Compiling ${units.length} files with ${compiler}`);
  await inTurns(units, async ({ source, name, options: own }) => {
    await run(compiler, [...compile, ...own, "-c", join(sources, source), "-o", join(objects, name)]);
  });
  const made = `${addonPath}.new`;
  await run(compiler, [...units.map(({ name }) => join(objects, name)), "-o", made, ...link]);
  await rename(made, addonPath);
  console.log(`Built ${addonPath}`);
}

function flags({ sanitize, onednn }: BuildOptions): { compile: string[]; link: string[] } {
  const load = createRequire(import.meta.url);
  const headers = [
    (load("node-api-headers") as { include_dir: string }).include_dir,
    (load("node-addon-api") as { include_dir: string }).include_dir,
    ...libraryFolders("include", onednn),
  ];
  const libraries = libraryFolders("lib", onednn);
  const checks = sanitize ? ["-fsanitize=address", "-fno-omit-frame-pointer", "-g"] : [];
  const openMp = platform() === "darwin" ? [] : ["-fopenmp"];
  // The last one: an error that a thread which is being ended cannot throw is no reason to end the process.
  const swallow = "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS";
  const defines = ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", swallow, ...(arch() === "x64" ? ["FORELOSS_X64"] : [])];
  return {
    compile: [
      ...["-std=c++17", "-O3", "-fPIC", "-fno-math-errno", "-fvisibility=hidden", "-Wall", "-Wextra"],
      ...[...openMp, ...checks, ...defines.map((name) => `-D${name}`), ...headers.map((folder) => `-I${folder}`)],
    ],
    link: [
      ...(platform() === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"]),
      ...[
        ...openMp,
        ...checks,
        ...libraries.flatMap((folder) => [`-L${folder}`, `-Wl,-rpath,${folder}`]),
        "-ldnnl",
        "-ljpeg",
      ],
    ],
  };
}

/** Where libraries lie beside where the compiler looks by itself; on macOS it does not look into Homebrew's folders. */
function libraryFolders(part: string, onednn: string | undefined): string[] {
  const brew = arch() === "arm64" ? "/opt/homebrew" : "/usr/local";
  const folders = platform() === "darwin" ? [join(brew, "opt", "jpeg-turbo"), brew] : [];
  return (onednn === undefined ? folders : [onednn, ...folders]).map((folder) => join(folder, part));
}

const avx512 = ["f", "bw", "vl", "dq", "bf16"].map((set) => `-mavx512${set}`);

/** The innermost loops, once for each set of instructions that is told apart when the addon is loaded. */
function kernelUnits(): Unit[] {
  const sets: Record<string, readonly string[]> = {
    plain: [],
    ...(arch() === "x64"
      ? { avx2: ["-mavx2", "-mfma"], avx512: [...avx512, "-mfma", "-mprefer-vector-width=512"] }
      : {}),
  };
  const loops = Object.entries(sets).flatMap(([set, options]) => [
    {
      source: "kernels.cc",
      name: `kernels-${set}.o`,
      options: [...options, `-DFORELOSS_KERNELS=${set}Kernels`, `-DFORELOSS_KERNELS_NAME="${set}"`],
    },
    {
      source: "row-kernels.cc",
      name: `row-kernels-${set}.o`,
      options: [...options, `-DFORELOSS_KERNELS=${set}RowKernels`, "-ffp-contract=off", "-Wno-psabi"],
    },
  ]);
  return arch() === "x64" ? [...loops, tileUnit()] : loops;
}

/** Products in tile registers. */
function tileUnit(): Unit {
  return { source: "tile-kernels.cc", name: "tile-kernels.o", options: [...avx512, "-mamx-tile", "-mamx-bf16"] };
}

/** They need options of their own. */
const kernelSources = ["kernels.cc", "row-kernels.cc", "tile-kernels.cc"];

async function otherUnits(): Promise<Unit[]> {
  const files = (await readdir(sources)).filter((file) => file.endsWith(".cc") && !kernelSources.includes(file));
  return files.sort().map((source) => ({ source, name: source.replace(/\.cc$/, ".o"), options: [] }));
}

/** At most as many at a time as there are cores. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function run(program: string, values: readonly string[]): Promise<void> {
  try {
    const { stderr } = await promisify(execFile)(program, values, { maxBuffer: 1 << 26 });
    if (stderr !== "") console.error(stderr.trimEnd());
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const reason =
      code === "ENOENT" ? `there is no compiler "${program}"` : (stderr ?? "").trim().split("\n", 12).join("\n");
    throw new ForelossError(`build-native: ${reason}`, {
      hint: `What it needs is installed by: ${installCommand()}`,
      cause: error,
    });
  }
}
