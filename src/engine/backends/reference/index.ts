// The backend that is only there to be right: obvious loops in float64, rounded to float32 when values leave a run or
// enter the state. Everything else is held against it.
import type { Backend, CompileOptions, Executable, State, StateEntry, Tensor } from "../../backend.ts";
import { EngineError } from "../../errors.ts";
import { allocate, checkFeeds, checkState } from "../../feeds.ts";
import { type Node, sizeOf } from "../../graph.ts";
import type { Program } from "../../program.ts";
import { evaluate } from "./evaluate.ts";

export { evaluate, type Leaves } from "./evaluate.ts";

export function referenceBackend(): Backend {
  return {
    name: "reference",
    version: `JavaScript float64, V8 ${process.versions.v8}`,
    openState: async (initial) => new ReferenceState(initial),
    compile: async (program, state, options) => compile(program, state as ReferenceState, options ?? {}),
  };
}

class ReferenceState implements State {
  readonly #entries: Map<string, StateEntry>;

  constructor(initial: ReadonlyMap<string, StateEntry>) {
    this.#entries = new Map();
    for (const [name, { shape, values }] of initial) {
      checkCount(name, shape, values);
      this.#entries.set(name, { shape, values: values.slice() });
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  entry(name: string): StateEntry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new EngineError(`state "${name}"`, "no such entry, or the state is closed");
    return entry;
  }

  async read(name: string): Promise<StateEntry> {
    const { shape, values } = this.entry(name);
    return { shape, values: values.slice() };
  }

  async write(name: string, values: Float32Array): Promise<void> {
    const entry = this.entry(name);
    checkCount(name, entry.shape, values);
    entry.values.set(values);
  }

  async close(): Promise<void> {
    this.#entries.clear();
  }
}

function checkCount(name: string, shape: readonly number[], values: Float32Array): void {
  if (values.length !== sizeOf(shape)) {
    throw new EngineError(`state "${name}"`, `${values.length} values do not fill shape [${shape}]`);
  }
}

function compile(program: Program, state: ReferenceState, { frozen = false }: CompileOptions): Executable {
  checkState(program, state, (name) => state.entry(name).shape);
  const present = () => [...program.state.keys()].map((name) => [name, state.entry(name).values] as const);
  const snapshot = frozen ? Object.fromEntries(present().map(([name, values]) => [name, values.slice()])) : undefined;
  const results = [...program.outputs.values(), ...program.updates.values()];
  let closed = false;
  return {
    async run(feeds) {
      if (closed) throw new EngineError(`program "${program.name}"`, "run after close");
      checkFeeds(program, feeds);
      const updated = [...program.updates.keys()].map((name) => state.entry(name));
      const values = evaluate(results, { inputs: feeds, state: snapshot ?? Object.fromEntries(present()) });
      updated.forEach((entry, i) => {
        entry.values.set(values[program.outputs.size + i]!);
      });
      return outputTensors(program, values);
    },
    async close() {
      closed = true;
    },
  };
}

function outputTensors(program: Program, values: readonly Float64Array[]): Record<string, Tensor> {
  return Object.fromEntries([...program.outputs].map(([name, node], i) => [name, tensorOf(node, values[i]!)]));
}

function tensorOf(node: Node, exact: Float64Array): Tensor {
  const values = allocate(node.dtype, exact.length);
  values.set(exact);
  return { dtype: node.dtype, shape: node.shape, values };
}
