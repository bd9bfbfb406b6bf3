// Finds and loads the addon that `npm run build:native` makes, for the native engine and for choosing. It is never required:
// where it is not built, does not load, or FORELOSS_NATIVE=off keeps it out, the reason is kept and told.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the build puts the addon: `native/build/foreloss.node` beside `src/` or `dist/`. */
export const addonPath = join(packageRoot(), "native", "build", "foreloss.node");

export type NativeSupport =
  | {
      readonly available: true;
      /** Name and version of the library that does the arithmetic. */
      readonly version: string;
      /** Whether the processor multiplies bfloat16 numbers itself (AMX or AVX512-BF16). */
      readonly bfloat16: boolean;
    }
  | { readonly available: false; readonly reason: string };

declare const kind: unique symbol;
export interface StateHandle {
  readonly [kind]: "state";
}
export interface PlanHandle {
  readonly [kind]: "plan";
}

/** Goes up, here and in `native/src/addon.cc`, with every change of what the addon takes or gives. */
const interfaceNumber = 4;

/** What `native/src/addon.cc` gives. Errors are plain `Error`s that say what was wrong. */
export interface Addon extends ChoosingAddon {
  readonly interfaceNumber: number;
  readonly version: string;
  /** Which of its own loops it took: `plain`, `avx2`, `avx512`. */
  readonly kernels: string;
  readonly bfloat16: boolean;
  /**
   * The lane, 0 to `lanes` - 1, in which this thread's calls are carried out one after the other; it keeps its first one until it
   * ends. Threads in different lanes compute at the same time.
   */
  takeLane(lanes: number): number;
  openState(entries: readonly Float32Array[]): StateHandle;
  readState(state: StateHandle, index: number): Promise<Float32Array>;
  writeState(state: StateHandle, index: number, values: Float32Array): Promise<void>;
  closeState(state: StateHandle): void;
  compile(state: StateHandle, plan: Readonly<Record<string, unknown>>): Promise<PlanHandle>;
  run(plan: PlanHandle, inputs: readonly ArrayBufferView[]): Promise<ArrayBuffer[]>;
  profile(plan: PlanHandle): { readonly by: string; readonly seconds: number }[];
  close(plan: PlanHandle): void;
  /** For each file its size and time of change where it is plainly a whole JPEG, else NaN twice. */
  lookAtPictures(files: readonly string[]): Promise<Float64Array>;
  /** Pixels [files, 3, side, side], and for each file whether it was read: 1 or 0. */
  readPictures(files: readonly string[], sidePx: number, fill: boolean): Promise<[Uint8Array, Uint8Array]>;
}

/** Rows of `native/src/choosing.h`. */
interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Which rows a call works on, and with how many threads. */
export interface Share {
  readonly from: number;
  readonly to: number;
  readonly threads: number;
}

/** The long loops of choosing (`native/src/choosing.h`). Arrays are worked on in place and must be left alone until then. */
export interface ChoosingAddon {
  /** Makes picks for so long; how many there are then. */
  farthestFirst(task: {
    readonly own: Rows;
    readonly labelled: Rows;
    readonly rank: Uint32Array;
    readonly bound: Float64Array;
    readonly compared: Uint32Array;
    readonly picks: Uint32Array;
    readonly made: number;
    readonly count: number;
    readonly milliseconds: number;
    readonly threads: number;
  }): Promise<number>;
  approachRow(
    task: { readonly points: Rows; readonly centre: number; readonly nearest: Float64Array } & Share,
  ): Promise<void>;
  approachProduct(
    task: {
      readonly left: Rows;
      readonly right: Rows;
      readonly lengths: Float64Array;
      readonly centre: number;
      readonly nearest: Float64Array;
    } & Share,
  ): Promise<void>;
  findNearest(
    task: {
      readonly points: Rows;
      readonly centres: Rows;
      readonly nearest: Uint32Array;
      readonly distances: Float64Array;
    } & Share,
  ): Promise<void>;
  addToClusters(
    task: { readonly points: Rows; readonly clusterOf: Uint32Array; readonly sums: Float64Array } & Share,
  ): Promise<void>;
}

/** What to type for the parts that the build needs, on this system. */
export function installCommand(): string {
  return process.platform === "darwin"
    ? "brew install onednn jpeg-turbo"
    : "sudo apt-get install -y libdnnl-dev libjpeg-dev g++";
}

/** Whether the native backend can be used here, or why not. */
export function nativeSupport(): NativeSupport {
  const loaded = load();
  if ("reason" in loaded) return { available: false, reason: loaded.reason };
  const { version, bfloat16 } = loaded.addon;
  return { available: true, version, bfloat16 };
}

type Loaded = { readonly addon: Addon } | { readonly reason: string };
let known: Loaded | undefined;

export function load(): Loaded {
  known ??= attempt();
  return known;
}

function attempt(): Loaded {
  if (process.env.FORELOSS_NATIVE === "off") return { reason: "FORELOSS_NATIVE=off keeps it out" };
  if (!existsSync(addonPath)) return { reason: "it is not built" };
  try {
    const addon = createRequire(import.meta.url)(addonPath) as Addon;
    const fits = addon.interfaceNumber === interfaceNumber;
    return fits ? { addon } : { reason: "it was built for another version of Foreloss and has to be built again" };
  } catch (error) {
    return { reason: `it does not load: ${(error as Error).message.split("\n", 1)[0]}` };
  }
}

function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
