// What a benchmark is made of. A row is one piece of work, done by us and by its peers from the same inputs, each time in a
// process of its own that ends with one line of JSON on its standard output: a `Report`.

/** A script beside this file with options of its own. */
export interface Script {
  /** Relative to `bench/`; `.ts` is run by Node, `.py` by Python. */
  readonly script: string;
  readonly options: readonly string[];
}

/** One way to do the work. Its script also takes `--inputs --threads --seconds`. */
export interface Contender extends Script {
  readonly name: string;
  /** Needs something that is not everywhere (a C++ compiler, say): where it fails it is skipped with the reason. */
  readonly mayFail?: boolean;
}

export interface Row {
  /** As typed on the command line. */
  readonly name: string;
  /** What is done, in words. */
  readonly work: string;
  /** Writes what all contenders read to the path it is given by `--out`. */
  readonly inputs: Script;
  readonly picturesPerCall: number;
  /** What is counted where it is not pictures. */
  readonly counts?: "items";
  /** Environment variables of every contender. */
  readonly environment: Readonly<Record<string, string>>;
  /** Results may differ by this share of the largest number: more in bfloat16, which has 8 bits of precision, than in float32. */
  readonly tolerance: number;
  readonly ours: Contender;
  readonly targets: readonly Target[];
}

export interface Target {
  /** Who is to be beaten, in words. */
  readonly against: string;
  /** The fastest one is the measure. */
  readonly peers: readonly Contender[];
  /** Our speed as a multiple of the peer's is to be at least this. */
  readonly leastSpeed: number;
  /** Our peak memory as a multiple of the peer's is to be below this. */
  readonly mostMemory: number;
}

/** Everybody who is to be beaten in a row, each once. */
export function peersOf(row: Row): Contender[] {
  return [...new Set(row.targets.flatMap(({ peers }) => peers))];
}

/** What one process says at its end. */
export interface Report {
  /** Numbers that must agree between contenders, computed before the clock starts. */
  readonly result: Readonly<Record<string, readonly number[]>>;
  /** What else was found and is to stand beside the times, by what it is. */
  readonly figures?: Readonly<Record<string, number>> | undefined;
  /** Of each timed call. */
  readonly seconds: readonly number[];
  /** Most memory the process held at once. */
  readonly peakMemoryBytes: number;
  /** Name and version of what did the arithmetic. */
  readonly engine: string;
}
