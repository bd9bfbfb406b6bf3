// A data set and a learner without pictures and nets, for tests of whole runs: what the learner says is a fixed function of
// seed, labels and, when it starts warm, its past, so that every detour a run takes shows in its figures.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError } from "../../../core/errors.ts";
import type { Signal, Signals } from "../../../core/signals.ts";
import type { Dataset, Split } from "../../../datasets/dataset.ts";
import type { FitOptions, FitReport, Learner } from "../../../loop/learner.ts";
import { type Recipe, recipeSchema } from "../../../records/recipe.ts";
import type { Results } from "../../../records/results.ts";
import type { LearnerFactory, LearnerRequest } from "../work.ts";

/** In [0, 1), the same for the same parts. */
function chance(...parts: readonly (string | number)[]): number {
  return createHash("sha256").update(JSON.stringify(parts)).digest().readUInt32LE(0) / 2 ** 32;
}

function fakeSplit(name: string, count: number): Split {
  return {
    ids: Array.from({ length: count }, (_, i) => `${name}/${i}`),
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    modes: Array.from({ length: count }, (_, i) => (i % 5 === 0 ? "hard" : "easy")),
    read: async () => undefined,
    thumbnail: async () => ({ mime: "image/png", bytes: new Uint8Array(1) }),
  };
}

export const fakeDataset: Dataset = {
  name: "fake",
  classNames: ["a", "b", "c"],
  imageSize: { width: 1, height: 1, channels: 1 },
  digest: "d1",
  train: fakeSplit("train", 60),
  test: fakeSplit("test", 9),
  skipped: [],
  normalisation: { mean: [0], deviation: [1] },
};

/** Two arms that share their first cycle, one with the module that starts warm, one that chooses by embedding. */
export function fakeRecipe(changes: { readonly [field: string]: unknown } = {}): Recipe {
  return recipeSchema.parse({
    name: "fake",
    dataset: { kind: "made-up" },
    training: { steps: 10 },
    labelling: { initial: 6, perCycle: 4, cycles: 3, subset: 30 },
    arms: [
      { name: "random", strategy: "random" },
      { name: "entropy", strategy: "entropy" },
      { name: "warm", strategy: "learned-loss", lossPrediction: true, start: "warm" },
    ],
    seeds: [0, 1],
    ...changes,
  });
}

export interface FakeOptions {
  /** Called before each thing a learner is asked to do; may throw. */
  readonly before?: (what: "fit" | "infer" | "save" | "restore", spec: LearnerRequest, cycle: number) => void;
  /** Waiting in a training, in ten parts, and in scoring. */
  readonly delayMs?: number;
}

/** What `LearnerFactory` asks for. */
export function fakeLearners(options: FakeOptions = {}): LearnerFactory {
  return async (spec) => fakeLearner(spec, options);
}

function fakeLearner(spec: LearnerRequest, { before, delayMs = 0 }: FakeOptions): Learner<number> {
  const { seed, training } = spec;
  let [weights, cycle] = [chance("initial", seed, training.lossPrediction === null ? 0 : 1), -1];
  const initial = weights;
  return {
    async fit(labelled, fitOptions) {
      before?.("fit", spec, fitOptions.cycle);
      cycle = fitOptions.cycle;
      await train(fitOptions, delayMs);
      const from = training.start === "warm" ? weights : initial;
      weights = chance("fit", from, cycle, ...labelled.map(({ id, label }) => `${id}=${label}`));
      const ensemble = training.members === undefined ? {} : { ensembleMetric: weights };
      return { ...reportOf(weights, labelled.length, training.lossPrediction !== null), ...ensemble };
    },
    async infer(items, signals, { onProgress } = {}) {
      before?.("infer", spec, cycle);
      onProgress?.(0, items.length);
      await sleep(delayMs);
      onProgress?.(items.length, items.length);
      const { members = 1 } = training;
      const each = signals.map((signal) => ({ [signal]: signalOf(signal, weights, items, members) }));
      return Object.assign({}, ...each) as Signals;
    },
    decided: async () => Array.from({ length: 9 }, (_, i) => Math.floor(3 * chance("decided", weights, i))),
    async save(path) {
      before?.("save", spec, cycle);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, "weights.json"), JSON.stringify({ weights, cycle }));
    },
    async restore(path) {
      before?.("restore", spec, cycle);
      const saved = JSON.parse(await readFile(join(path, "weights.json"), "utf8")) as {
        weights: number;
        cycle: number;
      };
      ({ weights, cycle } = saved);
    },
    close: async () => undefined,
  };
}

async function train({ onProgress, signal }: FitOptions, delayMs: number): Promise<void> {
  for (let step = 0; step <= 10; step++) {
    if (signal?.aborted) throw new InterruptedError("stopped in a training");
    onProgress?.(step, 10);
    if (delayMs > 0) await sleep(delayMs / 10);
  }
}

function reportOf(weights: number, labels: number, withModule: boolean): FitReport {
  return {
    metric: labels / (labels + 10) + weights / 100,
    trainMetric: 1,
    testLoss: 1 - weights,
    rankingAccuracy: withModule ? 0.5 + weights / 2 : null,
    rankCorrelation: withModule ? weights : null,
    lossSample: withModule ? [[weights, 0.1 + 0.2]] : [],
    steps: 10,
    trainSeconds: performance.now() / 1000, // never the same twice: whoever takes it for a figure is found out
  };
}

function signalOf(signal: Signal, weights: number, items: readonly string[], members: number): Signals[Signal] {
  const rows = items.length;
  const draw = (of: string) => Float32Array.from(items, (id) => chance(of, weights, id));
  if (signal === "embedding") return { rows, columns: 1, values: draw(signal) };
  if (signal !== "memberProbabilities") return draw(signal);
  const first = Array.from({ length: members }, (_, member) => [...draw(`member ${member}`)]);
  const values = Float32Array.from(first.flatMap((chances) => chances.flatMap((p) => [p, 1 - p])));
  return { members, rows, columns: 2, values };
}

/** The results without what depends on the clock, the command and the machine. */
export function withoutTimes(results: Results): unknown {
  const times = new Set(["trainSeconds", "scoreSeconds", "secondsPerCycle", "provenance"]);
  return JSON.parse(JSON.stringify(results, (name, value: unknown) => (times.has(name) ? undefined : value)));
}
