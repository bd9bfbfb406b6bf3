// What a benchmark is made of. A row is one piece of work, done by us and by its peers from the same inputs, each time in a
// process of its own that ends with one line of JSON on its standard output: a `Report`.

/** One way to do the work: a script beside this file that takes `--inputs --threads --seconds` and its own `options`. */
export interface Contender {
  readonly name: string;
  /** Relative to `bench/`; `.ts` is run by Node, `.py` by Python. */
  readonly script: string;
  readonly options: readonly string[];
}

export interface Row {
  /** As typed on the command line. */
  readonly name: string;
  /** What is done, in words. */
  readonly work: string;
  /** Options of `ours/make-inputs.ts`, which writes the start weights and the batch that all contenders read. */
  readonly inputs: readonly string[];
  readonly picturesPerCall: number;
  readonly ours: Contender;
  /** The fastest one is the measure. */
  readonly peers: readonly Contender[];
  readonly target: Target;
}

export interface Target {
  /** Our speed as a multiple of the peer's is to be at least this. */
  readonly leastSpeed: number;
  /** Our peak memory as a multiple of the peer's is to be below this. */
  readonly mostMemory: number;
}

/** What one process says at its end. */
export interface Report {
  /** Numbers that must agree between contenders, computed before the clock starts. */
  readonly result: Readonly<Record<string, readonly number[]>>;
  /** Of each timed call. */
  readonly seconds: readonly number[];
  /** Most memory the process held at once. */
  readonly peakMemoryBytes: number;
  /** Name and version of what did the arithmetic. */
  readonly engine: string;
}
