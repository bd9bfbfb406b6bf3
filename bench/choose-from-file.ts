// Choosing from files that need not fit into memory: core-set in parts, and scores out of a Parquet file beside pyarrow and NumPy.
// The clock runs from opening the file to the picks. `picturesPerCall` is items here.
import type { Contender, Row } from "./row.ts";

const megabyte = 1e6;

interface InParts {
  readonly items: number;
  readonly dimensions: number;
  readonly count: number;
  readonly memoryBytes: number;
  /** Items of which the covering radius is compared. */
  readonly sample: number;
}

function coreSetInParts(name: string, { items, dimensions, count, memoryBytes, sample }: InParts): Row {
  const file = ["--strategy", "core-set", "--signal", "embeddings", "--file", "pool.npy"];
  const numbers = { count, memory: memoryBytes, sample };
  return {
    name,
    work: `core-set in parts, ${items} items of ${dimensions} numbers, ${count} picks, ${memoryBytes / megabyte} MB`,
    counts: "items",
    inputs: inputs({ items, labelled: 0, dimensions, classes: 0, clusters: 1 }),
    ...{ picturesPerCall: items, environment: {}, tolerance: 0 },
    ours: { name: "Foreloss", script: "ours/choose-from-file.ts", options: [...file, ...optionsOf(numbers)] },
    targets: [], // no peer of ours chooses so from more than its memory
  };
}

interface Scored {
  readonly strategy: "margin" | "entropy";
  readonly items: number;
  readonly classes: number;
  readonly count: number;
}

function scores(name: string, { strategy, items, classes, count }: Scored): Row {
  const file = ["--strategy", strategy, "--file", "probabilities.parquet", "--count", String(count)];
  const mine = [...file, "--signal", "probabilities", "--memory", "0", "--sample", "0"];
  const peer: Contender = { name: pyarrow, script: "peers/choose_from_file.py", options: file, mayFail: true };
  return {
    name,
    work: `${strategy}, ${items} items of ${classes} classes in a Parquet file, ${count} picks`,
    counts: "items",
    inputs: inputs({ items, labelled: 0, dimensions: 0, classes, clusters: 1 }),
    ...{ picturesPerCall: items, environment: {}, tolerance: 1e-5 },
    ours: { name: "Foreloss", script: "ours/choose-from-file.ts", options: mine },
    targets: [{ against: pyarrow, peers: [peer], leastSpeed: 0.5, mostMemory: 2 }],
  };
}

const pyarrow = "pyarrow and NumPy, batch by batch";

function inputs(sizes: Readonly<Record<string, number>>): Row["inputs"] {
  return { script: "ours/make-choose-inputs.ts", options: optionsOf(sizes) };
}

function optionsOf(numbers: Readonly<Record<string, number>>): string[] {
  return Object.entries(numbers).flatMap(([key, value]) => [`--${key}`, String(value)]);
}

const large = { items: 10_000_000, classes: 10, count: 1_000 };
const small = { items: 50_000, classes: 10, count: 100 };

export const rows: readonly Row[] = [
  coreSetInParts("core-set-10m-parts", {
    ...{ items: 10_000_000, dimensions: 128, count: 1_000 },
    ...{ memoryBytes: 2_000 * megabyte, sample: 1_000_000 },
  }),
  scores("margin-10m-parquet", { ...large, strategy: "margin" }),
  scores("entropy-10m-parquet", { ...large, strategy: "entropy" }),
];

export const quickRows: readonly Row[] = [
  coreSetInParts("core-set-parts-quick", {
    ...{ items: 20_000, dimensions: 32, count: 100 },
    ...{ memoryBytes: 1.5 * megabyte, sample: 5_000 },
  }),
  scores("margin-parquet-quick", { ...small, strategy: "margin" }),
  scores("entropy-parquet-quick", { ...small, strategy: "entropy" }),
];
