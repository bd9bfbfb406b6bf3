// Made-up but plausible results, drawn from a seed: what the tests of tables and report look at.
import { createRandom, type Random } from "../../core/random.ts";
import type { ArmResult, CycleRecord, Results, SeedResult } from "../../records/results.ts";
import { compareArms } from "../compare.ts";

interface SampleArm {
  readonly name: string;
  readonly strategy: string;
  readonly lossPrediction: string;
  /** Points of metric gained on random per cycle. */
  readonly gain: number;
  readonly signal: string | null;
}

const sampleArms: readonly SampleArm[] = [
  { name: "random", strategy: "random", lossPrediction: "none", gain: 0, signal: null },
  { name: "random-with-module", strategy: "random", lossPrediction: "ranking", gain: -0.002, signal: null },
  { name: "entropy", strategy: "entropy", lossPrediction: "none", gain: 0.001, signal: "entropy" },
  { name: "core-set", strategy: "core-set", lossPrediction: "none", gain: 0.007, signal: null },
  { name: "learned-loss", strategy: "learned-loss", lossPrediction: "ranking", gain: -0.012, signal: "predictedLoss" },
];

const modes = ["easy", "small", "occluded", "low contrast"];

/** Results of `arms` arms (at most five, `random` first) over seeds and cycles, and whatever `fields` replaces. */
export function sampleResults(
  size: { readonly arms?: number; readonly seeds?: readonly number[]; readonly cycles?: number } = {},
  fields: Partial<Results> = {},
): Results {
  const seeds = size.seeds ?? [0, 1, 2];
  const arms: readonly ArmResult[] = sampleArms.slice(0, size.arms ?? 5).map((arm) => ({
    name: arm.name,
    strategy: arm.strategy,
    lossPrediction: arm.lossPrediction,
    start: "cold",
    seeds: seeds.map((seed) => sampleSeed(arm, seed, size.cycles ?? 6)),
  }));
  return {
    version: 1,
    name: "made-up-small",
    task: "classification",
    dataset: { name: "made-up", digest: "ab".repeat(32), classes: ["disc", "square", "star"], train: 3000, test: 600 },
    engine: { name: "onnx", version: "1.30.0", threads: 2 },
    metric: "accuracy",
    arms,
    comparison: compareArms(arms),
    provenance: {
      foreloss: "0.1.0",
      command: "foreloss run recipes/made-up-small.json",
      machine: "2 cores, 8 GB",
      started: "2026-11-20T10:00:00.000Z",
      finished: "2026-11-20T11:30:00.000Z",
      recipe: {
        version: 1,
        name: "made-up-small",
        seeds,
        arms: arms.map(({ name, strategy }) => ({ name, strategy })),
      },
    },
    ...fields,
  };
}

function sampleSeed(arm: SampleArm, seed: number, cycles: number): SeedResult {
  const shared = createRandom(seed, "sample"); // the same for all arms of a seed, so that they are paired
  const own = shared.stream(arm.name);
  const records = Array.from({ length: cycles }, (_, c) => {
    const metric =
      0.42 + 0.24 * (1 - Math.exp(-c / 2.5)) + 0.006 * shared.normal() + arm.gain * c + 0.004 * own.normal();
    return sampleCycle(arm, own, c, c === cycles - 1, metric);
  });
  return { seed, cycles: records };
}

function sampleCycle(arm: SampleArm, random: Random, cycle: number, last: boolean, metric: number): CycleRecord {
  const hasModule = arm.lossPrediction !== "none";
  const trainMetric = Math.min(1, 0.998 - 0.01 * cycle - (hasModule ? 0.035 * cycle : 0) + 0.003 * random.normal());
  return {
    cycle,
    labels: 100 * (cycle + 1),
    metric,
    trainMetric,
    testLoss: 2.2 - 1.6 * metric,
    rankingAccuracy: hasModule ? 0.62 + 0.015 * cycle + 0.01 * random.normal() : null,
    rankCorrelation: hasModule ? 0.35 + 0.03 * cycle : null,
    lossSample: hasModule ? Array.from({ length: 300 }, () => sampleLoss(random)) : [],
    ...(cycle === 0 ? {} : { agreement: 1 - 0.5 * 0.6 ** cycle + 0.01 * random.next() }),
    steps: 1000,
    trainSeconds: (hasModule ? 31 : 28) + 3 * cycle + random.next(),
    scoreSeconds: arm.signal === null ? 0 : 4 + random.next(),
    ...(last ? {} : { poolEntropy: { mean: 1.1 * 0.85 ** cycle, items: 500 } }),
    picks: last ? [] : Array.from({ length: 30 }, (_, rank) => samplePick(arm, random, rank)),
  };
}

function sampleLoss(random: Random): readonly [number, number] {
  const difficulty = Math.abs(random.normal());
  return [0.8 * difficulty + 0.4 * random.normal(), difficulty ** 2 * Math.exp(0.3 * random.normal())];
}

function samplePick(arm: SampleArm, random: Random, rank: number): CycleRecord["picks"][number] {
  const hard = arm.signal === null ? 0.3 : 0.7;
  return {
    item: `train/${String(random.integer(3000)).padStart(5, "0")}`,
    signals: arm.signal === null ? {} : { [arm.signal]: 2.5 - 0.03 * rank },
    mode: random.next() < hard ? modes[1 + random.integer(modes.length - 1)]! : modes[0]!,
  };
}
