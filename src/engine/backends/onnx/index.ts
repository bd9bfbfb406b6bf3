// The portable backend: a program becomes one ONNX graph, forward and backward, run by the ONNX Runtime on the CPU.
// State lives in two buffers per entry: a step reads one and writes the other, then they change places, so that nothing
// is copied and every node of a step sees the old values.
import { createRequire } from "node:module";
import * as ort from "onnxruntime-node";
import type { Backend, CompileOptions, Executable, Feeds, State, StateEntry, Tensor, Values } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import { checkFeeds, checkState } from "../../feeds.ts";
import { type DType, type Node, type Shape, sizeOf } from "../../graph.ts";
import type { Program } from "../../program.ts";
import { channelBlock } from "./channel-block.ts";
import { type LoweredProgram, lowerProgram, stateInput } from "./lower.ts";

export interface OnnxOptions {
  /** Threads of one operation; the ONNX Runtime takes the physical cores when left out. */
  readonly threads?: number;
}

export function onnxBackend(options: OnnxOptions = {}): Backend {
  return {
    name: "onnx",
    version: `onnxruntime-node ${runtimeVersion()}`,
    openState: async (initial) => new OnnxState(initial),
    compile: (program, state, compileOptions) => compile(program, state as OnnxState, options, compileOptions ?? {}),
  };
}

function runtimeVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("onnxruntime-node/package.json");
  return (manifest as { version: string }).version;
}

/** One state entry: the tensor that holds its value and the one that the next update goes into. */
interface Slot {
  readonly shape: Shape;
  current: ort.TypedTensor<"float32">;
  spare: ort.TypedTensor<"float32"> | undefined;
}

function floatTensor(values: Float32Array, shape: Shape): ort.TypedTensor<"float32"> {
  return new ort.Tensor("float32", values, shape);
}

class OnnxState implements State {
  readonly #slots = new Map<string, Slot>();

  constructor(initial: ReadonlyMap<string, StateEntry>) {
    for (const [name, { shape, values }] of initial) {
      if (values.length !== sizeOf(shape)) {
        throw new EngineError(`state "${name}"`, `${values.length} values do not fill shape [${shape}]`);
      }
      this.#slots.set(name, { shape, current: floatTensor(values.slice(), shape), spare: undefined });
    }
  }

  get names(): string[] {
    return [...this.#slots.keys()];
  }

  slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new EngineError(`state "${name}"`, "no such entry, or the state is closed");
    return slot;
  }

  async read(name: string): Promise<StateEntry> {
    const { shape, current } = this.slot(name);
    return { shape, values: current.data.slice() };
  }

  async write(name: string, values: Float32Array): Promise<void> {
    const { shape, current } = this.slot(name);
    if (values.length !== current.data.length) {
      throw new EngineError(`state "${name}"`, `${values.length} values do not fill shape [${shape}]`);
    }
    current.data.set(values);
  }

  async close(): Promise<void> {
    this.#slots.clear();
  }
}

async function compile(
  program: Program,
  state: OnnxState,
  options: OnnxOptions,
  { frozen = false }: CompileOptions,
): Promise<Executable> {
  checkState(program, state, (name) => state.slot(name).shape);
  const lowered = lowerProgram(
    program,
    frozen ? { frozen: await snapshot(program, state) } : { channelBlock: await channelBlock() },
  );
  const session = await openSession(program, lowered, options);
  return new OnnxExecutable(program, lowered, session, state, frozen);
}

async function snapshot(program: Program, state: OnnxState): Promise<Map<string, StateEntry>> {
  const entries = [...program.state.keys()].map(async (name) => [name, await state.read(name)] as const);
  return new Map(await Promise.all(entries));
}

async function openSession(
  program: Program,
  lowered: LoweredProgram,
  options: OnnxOptions,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(lowered.model, {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      logSeverityLevel: 3,
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
    });
  } catch (error) {
    throw new EngineError(`program "${program.name}"`, `the ONNX Runtime refused it: ${(error as Error).message}`);
  }
}

class OnnxExecutable implements Executable {
  readonly #program: Program;
  readonly #lowered: LoweredProgram;
  readonly #session: ort.InferenceSession;
  readonly #state: OnnxState;
  readonly #frozen: boolean;
  #closed = false;

  constructor(
    program: Program,
    lowered: LoweredProgram,
    session: ort.InferenceSession,
    state: OnnxState,
    frozen: boolean,
  ) {
    this.#program = program;
    this.#lowered = lowered;
    this.#session = session;
    this.#state = state;
    this.#frozen = frozen;
  }

  async run(feeds: Feeds): Promise<Record<string, Tensor>> {
    if (this.#closed) throw new EngineError(`program "${this.#program.name}"`, "run after close");
    checkFeeds(this.#program, feeds);
    const results = await this.#compute(this.#inputs(feeds), this.#fetches());
    const outputs: Record<string, Tensor> = {};
    for (const [name, value] of this.#lowered.outputs) {
      outputs[name] = tensorOf(this.#program.outputs.get(name)!, results[value]!);
    }
    this.#applyUpdates();
    return outputs;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.release();
  }

  async #compute(inputs: Record<string, ort.Tensor>, fetches: Record<string, ort.Tensor | null>) {
    try {
      return await this.#session.run(inputs, fetches);
    } catch (error) {
      const where = `program "${this.#program.name}"`;
      throw new EngineError(where, `the ONNX Runtime stopped: ${(error as Error).message}`);
    }
  }

  #inputs(feeds: Feeds): Record<string, ort.Tensor> {
    const inputs: Record<string, ort.Tensor> = {};
    for (const [name, node] of this.#program.inputs) inputs[name] = feedTensor(node.dtype, feeds[name]!, node.shape);
    if (this.#frozen) return inputs;
    for (const name of this.#program.state.keys()) inputs[stateInput(name)] = this.#state.slot(name).current;
    return inputs;
  }

  /** What to compute, and for updates the buffer to put it in. */
  #fetches(): Record<string, ort.Tensor | null> {
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const value of this.#lowered.outputs.values()) fetches[value] = null;
    for (const [name, value] of this.#lowered.updates) {
      const slot = this.#state.slot(name);
      slot.spare ??= floatTensor(new Float32Array(slot.current.data.length), slot.shape);
      fetches[value] = slot.spare;
    }
    return fetches;
  }

  #applyUpdates(): void {
    for (const name of this.#lowered.updates.keys()) {
      const slot = this.#state.slot(name);
      const written = slot.spare!;
      slot.spare = slot.current;
      slot.current = written;
    }
  }
}

function feedTensor(dtype: DType, values: Values, shape: Shape): ort.Tensor {
  return dtype === "bool"
    ? new ort.Tensor("bool", values as Uint8Array, shape)
    : new ort.Tensor(dtype, values as Float32Array, shape);
}

function tensorOf(node: Node, result: ort.Tensor): Tensor {
  return { dtype: node.dtype, shape: node.shape, values: result.data as Values };
}
