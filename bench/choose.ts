// Choosing from large pools: core-set, BADGE and k-means beside scikit-activeml, NumPy as a careful person writes it, and FAISS.
// What is counted is items. `choose-quick` is the same in small, to be tried in a minute.
import type { Contender, Row } from "./row.ts";

interface Work {
  readonly strategy: "core-set" | "badge" | "k-means";
  readonly items: number;
  readonly labelled: number;
  readonly dimensions: number;
  readonly classes: number;
  /** Clusters that the items lie in; 1 is one cloud. */
  readonly clusters: number;
  readonly count: number;
}

interface Wanted {
  readonly peer: "scikit-activeml" | "numpy" | "faiss";
  readonly leastSpeed: number;
  readonly mostMemory?: number;
}

const against = {
  "scikit-activeml": "scikit-activeml",
  numpy: "NumPy on a threaded BLAS, written with care",
  faiss: "FAISS",
} as const;

function row(name: string, work: Work, wanted: readonly Wanted[], environment: Row["environment"] = {}): Row {
  const { strategy, items, labelled, dimensions, classes, clusters, count } = work;
  const numbers = Object.entries({ items, labelled, dimensions, classes, clusters });
  const common = ["--strategy", strategy, "--count", String(count)];
  const peer = (form: Wanted["peer"]): Contender => {
    return { name: against[form], script: "peers/choose.py", options: [...common, "--form", form] };
  };
  return {
    name,
    work: `${strategy}, ${items} items of ${dimensions} numbers, ${labelled} labelled, ${count} picks`,
    inputs: { script: "ours/make-choose-inputs.ts", options: numbers.flatMap(([key, n]) => [`--${key}`, String(n)]) },
    picturesPerCall: items,
    counts: "items",
    environment,
    // Picks must be the same ones; of k-means, whose seeds are drawn, how close its clusters are: in one cloud they agree.
    tolerance: { "core-set": 1e-9, badge: 1e-5, "k-means": 0.03 }[strategy],
    ours: { name: "Foreloss", script: "ours/choose.ts", options: common },
    targets: wanted.map(({ peer: form, leastSpeed, mostMemory = 2 }) => {
      return { against: against[form], peers: [peer(form)], leastSpeed, mostMemory };
    }),
  };
}

const cloud = { labelled: 0, classes: 0, clusters: 1, dimensions: 512 };
const portable = { FORELOSS_NATIVE: "off" };

function coreSets(suffix: string, items: number, labelled: number, count: number): Row[] {
  const work: Work = { ...cloud, strategy: "core-set", items, labelled, count };
  return [
    row(`core-set-${suffix}`, work, [
      { peer: "scikit-activeml", leastSpeed: 10 },
      { peer: "numpy", leastSpeed: 2 },
    ]),
    row(`core-set-${suffix}-portable`, work, [{ peer: "numpy", leastSpeed: 0.7 }], portable),
  ];
}

export const rows: readonly Row[] = [
  ...coreSets("10k", 10_000, 5_000, 1_000),
  row("core-set-1m", { ...cloud, strategy: "core-set", items: 1_000_000, labelled: 1, count: 1_000 }, [
    { peer: "numpy", leastSpeed: 2, mostMemory: 1.2 },
  ]),
  row(
    "core-set-1m-clustered",
    { ...cloud, strategy: "core-set", items: 1_000_000, labelled: 1, clusters: 200, count: 1_000 },
    [{ peer: "numpy", leastSpeed: 2, mostMemory: 1.2 }],
  ),
  // scikit-activeml writes the gradients out: 100,000 items would take 41 GB.
  row("badge-2k", { ...cloud, strategy: "badge", items: 2_000, classes: 100, count: 100 }, [
    { peer: "scikit-activeml", leastSpeed: 10 },
  ]),
  row("badge-100k", { ...cloud, strategy: "badge", items: 100_000, classes: 100, count: 1_000 }, [
    { peer: "numpy", leastSpeed: 1 },
  ]),
  row("k-means-1m", { ...cloud, strategy: "k-means", items: 1_000_000, dimensions: 128, count: 1_000 }, [
    { peer: "faiss", leastSpeed: 1 / 1.5 },
  ]),
];

export const quickRows: readonly Row[] = [
  ...coreSets("quick", 3_000, 1_000, 200),
  row("badge-quick", { ...cloud, strategy: "badge", items: 500, classes: 20, count: 50 }, [
    { peer: "scikit-activeml", leastSpeed: 10 },
    { peer: "numpy", leastSpeed: 1 },
  ]),
  row("k-means-quick", { ...cloud, strategy: "k-means", items: 50_000, dimensions: 64, count: 100 }, [
    { peer: "faiss", leastSpeed: 1 / 1.5 },
  ]),
];
