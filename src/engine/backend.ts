// What a backend is: it keeps state, compiles programs over it and runs them. Everything it cannot run it refuses by
// name when it compiles.
import type { DType, Shape } from "./graph.ts";
import type { Program } from "./program.ts";

/** Values of one tensor in row-major order. bool is 0 or 1 in a Uint8Array. */
export type Values = Float32Array | Int32Array | Uint8Array;
export type Feeds = Readonly<Record<string, Values>>;

export interface Tensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly values: Values;
}

export interface StateEntry {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Named float32 tensors a backend keeps between runs; several programs share one state. */
export interface State {
  readonly names: readonly string[];
  /** A copy of the entry's values. Throws an `EngineError` for an unknown name. */
  read(name: string): Promise<StateEntry>;
  /** Replaces the entry's values; the count must fit. */
  write(name: string, values: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** A compiled program. Runs of executables that share a state must not overlap: await one before the next. */
export interface Executable {
  /** Feeds every input, gives every output, then puts the updates in place. */
  run(feeds: Feeds): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

export interface CompileOptions {
  /** Take the state's present values as constants: faster (folded and packed), and later changes are not seen. */
  readonly frozen?: boolean;
}

export interface Backend {
  /** As typed on the command line: `onnx`, `reference`. */
  readonly name: string;
  /** Name and version of what does the arithmetic, for results. */
  readonly version: string;
  openState(initial: ReadonlyMap<string, StateEntry>): Promise<State>;
  compile(program: Program, state: State, options?: CompileOptions): Promise<Executable>;
}
