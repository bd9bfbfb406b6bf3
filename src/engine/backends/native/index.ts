// The fast CPU backend: a program becomes a plan that an addon carries out with oneDNN, in bfloat16 where the processor has it.
import { availableParallelism, totalmem } from "node:os";
import { type Addon, load, type PlanHandle } from "../../../native/addon.ts";
import type { Backend, CompileOptions, Executable, Feeds, State, StateEntry, Tensor } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import { allocate, checkFeeds, checkState } from "../../feeds.ts";
import { type Node, sizeOf } from "../../graph.ts";
import type { Program } from "../../program.ts";
import { type Plan, planProgram } from "./plan/plan.ts";
import { NativeState } from "./state.ts";

export { addonPath, installCommand, type NativeSupport, nativeSupport } from "../../../native/addon.ts";
export { nativeJpegs } from "./jpegs.ts";

/** `auto` is bfloat16 where the processor multiplies it (AMX, AVX512-BF16), float32 elsewhere. */
export type Precision = "auto" | "float32" | "bfloat16";
export const precisions: readonly Precision[] = ["auto", "float32", "bfloat16"];

export interface NativeOptions {
  /** Threads of one operation; one per core when left out. */
  readonly threads?: number;
  readonly precision?: Precision;
}

interface Settings {
  readonly threads: number;
  readonly precision: "float32" | "bfloat16";
}

/** Throws an `EngineError` where the addon is not built. */
export function nativeBackend({ threads = availableParallelism(), precision = "auto" }: NativeOptions = {}): Backend {
  const loaded = load();
  if ("reason" in loaded) {
    throw new EngineError("engine native", `${loaded.reason}; build it with npm run build:native`);
  }
  const { addon } = loaded;
  addon.takeLane(Math.max(1, Math.floor(availableParallelism() / threads)));
  const settings: Settings = {
    threads,
    precision: precision === "auto" ? (addon.bfloat16 ? "bfloat16" : "float32") : precision,
  };
  return {
    name: "native",
    version: `${addon.version}, ${settings.precision}`,
    openState: async (initial) => new NativeState(addon, initial),
    compile: (program, state, options) => compile(addon, program, state as NativeState, { ...settings, ...options }),
  };
}

async function compile(
  addon: Addon,
  program: Program,
  state: NativeState,
  { frozen = false, threads, precision }: Settings & CompileOptions,
): Promise<NativeExecutable> {
  checkState(program, state, (name) => state.shapeOf(name));
  const plan = planProgram(program, {
    threads,
    precision,
    stateIndex: state.index,
    frozen: frozen ? await snapshot(program, state) : undefined,
  });
  checkMemory(program, plan);
  try {
    return new NativeExecutable(addon, program, state, plan, await addon.compile(state.handle, plan.encoded));
  } catch (error) {
    throw new EngineError(`program "${program.name}"`, `cannot be compiled: ${(error as Error).message}`);
  }
}

/** The system may promise memory that it does not have, and end the process later. */
function checkMemory({ name }: Program, { arenaBytes }: Plan): void {
  if (arenaBytes <= totalmem()) return;
  const [needed, present] = [arenaBytes, totalmem()].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`);
  throw new EngineError(`program "${name}"`, `out of memory: it needs ${needed}, this machine has ${present}`);
}

async function snapshot(program: Program, state: State): Promise<Map<string, StateEntry>> {
  const entries = [...program.state.keys()].map(async (name) => [name, await state.read(name)] as const);
  return new Map(await Promise.all(entries));
}

/** What one instruction of a program has taken. */
export interface InstructionProfile {
  /** What it does. */
  readonly label: string;
  /** The library's implementation, where it has several. */
  readonly by: string;
  /** In all runs together. */
  readonly seconds: number;
}

export class NativeExecutable implements Executable {
  readonly #addon: Addon;
  readonly #program: Program;
  readonly #state: NativeState;
  readonly #plan: Plan;
  readonly #handle: PlanHandle;
  #closed = false;

  constructor(addon: Addon, program: Program, state: NativeState, plan: Plan, handle: PlanHandle) {
    this.#addon = addon;
    this.#program = program;
    this.#state = state;
    this.#plan = plan;
    this.#handle = handle;
  }

  async run(feeds: Feeds): Promise<Record<string, Tensor>> {
    this.#checkOpen();
    checkFeeds(this.#program, feeds);
    for (const name of this.#program.state.keys()) this.#state.shapeOf(name); // throws when the state is closed
    const buffers = await this.#compute(this.#plan.inputs.map((name) => feeds[name]!));
    return Object.fromEntries(
      this.#plan.outputs.map((name, i) => [name, tensorOf(this.#program.outputs.get(name)!, buffers[i]!)]),
    );
  }

  /** Where the time of all runs so far has gone. */
  profile(): InstructionProfile[] {
    this.#checkOpen();
    const { labels } = this.#plan;
    return this.#addon.profile(this.#handle).map((entry, i) => ({ label: labels[i]!, ...entry }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#addon.close(this.#handle);
  }

  #checkOpen(): void {
    if (this.#closed) throw new EngineError(`program "${this.#program.name}"`, "run after close");
  }

  async #compute(values: readonly ArrayBufferView[]): Promise<ArrayBuffer[]> {
    try {
      return await this.#addon.run(this.#handle, values);
    } catch (error) {
      throw new EngineError(`program "${this.#program.name}"`, `stopped: ${(error as Error).message}`);
    }
  }
}

function tensorOf({ dtype, shape }: Node, buffer: ArrayBuffer): Tensor {
  const values = allocate(dtype, 0).constructor as new (
    buffer: ArrayBuffer,
    start: number,
    count: number,
  ) => Float32Array;
  return { dtype, shape, values: new values(buffer, 0, sizeOf(shape)) };
}
