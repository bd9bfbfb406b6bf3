// What the arms of an experiment show beside random: curves with intervals, paired differences, labels saved.
// Arms share initial labels and weights within a seed, so every comparison is paired by seed. A run in progress can be
// compared too.
import { mean, pairedTTest, studentInterval, trapezoidArea } from "../core/statistics.ts";
import type { ArmComparison, ArmResult, CycleRecord, Estimate, Results, SeedResult } from "../records/results.ts";
import { type Block, fullestBlock, meanCurve, sharedBlocks } from "./blocks.ts";
import { labelsShares, labelsToReach, resamples } from "./labels-needed.ts";
import { stoppingSigns } from "./stopping.ts";
import { winRates } from "./win-rates.ts";

type Difference = NonNullable<ArmComparison["finalDifference"]>;

/**
 * Compares every arm that has finished a cycle with the random arm. An arm's own figures rest on its own seeds and cycles;
 * differences and labels saved rest on the seeds and cycles it shares with random.
 * Throws a `ForelossError` when arms or seeds have different numbers of labels in one cycle.
 */
export function compareArms(arms: readonly ArmResult[]): Results["comparison"] {
  const started = arms.filter(hasCycles);
  const baseline = findBaseline(started);
  const compared = started.map((arm) => compareArm(arm, baseline));
  return { baseline: baseline?.name ?? null, arms: compared, winRates: winRates(started), resamples };
}

/**
 * One sentence for every arm whose figures rest on fewer seeds or cycles than the furthest arm's (a run in progress, or
 * arms with different seeds); empty when all arms are equally far.
 */
export function coverageNotes(arms: readonly ArmResult[]): string[] {
  const baseline = findBaseline(arms.filter(hasCycles));
  const seeds = new Set(arms.flatMap((arm) => arm.seeds.map((seed) => seed.seed))).size;
  const cycles = Math.max(0, ...arms.flatMap((arm) => arm.seeds.map((seed) => seed.cycles.length)));
  return arms.flatMap((arm) => {
    if (!hasCycles(arm)) return [`${arm.name}: no cycle is finished yet.`];
    const own = fullestBlock(arm, arm.seeds);
    const shared = baseline === undefined ? own : (sharedBlocks(arm, baseline)?.[0] ?? null);
    const whole = (block: Block | null) => block?.labels.length === cycles && block.seeds.length === seeds;
    if (whole(own) && whole(shared)) return [];
    const ownPart = `${arm.name}: ${own.labels.length} of ${cycles} cycles, ${own.seeds.length} of ${seeds} seeds`;
    if (shared === null) return [`${ownPart}; no seed in common with ${baseline?.name}, so no comparison.`];
    if (arm === baseline || baseline === undefined) return [`${ownPart}.`];
    const pairs = `${shared.labels.length} cycles, ${shared.seeds.length} seed${shared.seeds.length === 1 ? "" : "s"}`;
    return [`${ownPart}; compared with ${baseline.name} over ${pairs}.`];
  });
}

function hasCycles(arm: ArmResult): boolean {
  return arm.seeds.some((seed) => seed.cycles.length > 0);
}

/** The plain random arm: without the loss prediction module where there is one such, else any random. */
function findBaseline(arms: readonly ArmResult[]): ArmResult | undefined {
  const random = arms.filter((arm) => arm.strategy === "random");
  return random.find((arm) => arm.lossPrediction === "none") ?? random[0];
}

/**
 * An estimate over seeds of one figure per cycle, on the arm's own seeds and cycles; cycles in which a seed has no such
 * figure are left out.
 */
export function estimateCurve(arm: ArmResult, figure: (cycle: CycleRecord) => number | null): ArmComparison["curve"] {
  if (!hasCycles(arm)) return [];
  const { labels, seeds } = fullestBlock(arm, arm.seeds);
  return labels.flatMap((count, c) => {
    const values = seeds.flatMap((seed) => figure(seed.cycles[c]!) ?? []);
    return values.length < seeds.length ? [] : [{ labels: count, metric: studentInterval(values) }];
  });
}

function compareArm(arm: ArmResult, baseline: ArmResult | undefined): ArmComparison {
  const own = fullestBlock(arm, arm.seeds);
  const { labels, seeds } = own;
  const ranking = seeds.flatMap((seed) => meanOf(seed.cycles.flatMap((cycle) => cycle.rankingAccuracy ?? [])) ?? []);
  return {
    arm: arm.name,
    curve: estimateCurve(arm, (cycle) => cycle.metric),
    area: over(seeds, (seed) => areaOf(labels, seed)),
    ...againstBaseline(arm, baseline),
    rankingAccuracy: ranking.length === 0 ? null : studentInterval(ranking),
    trainMetric: over(seeds, (seed) => seed.cycles.at(-1)!.trainMetric),
    secondsPerCycle: over(seeds, (seed) => mean(seed.cycles.map(secondsOf))),
    stopping: stoppingSigns(seeds),
  };
}

type AgainstBaseline = Pick<
  ArmComparison,
  "finalDifference" | "areaDifference" | "labelsForRandomFinal" | "labelsSaved" | "labelsShares"
>;

const notCompared: AgainstBaseline = {
  finalDifference: null,
  areaDifference: null,
  labelsForRandomFinal: null,
  labelsSaved: null,
  labelsShares: [],
};

function againstBaseline(arm: ArmResult, baseline: ArmResult | undefined): AgainstBaseline {
  const shared = baseline === undefined ? null : sharedBlocks(arm, baseline);
  if (shared === null) return notCompared;
  const [own, random] = shared;
  const curve = meanCurve(random);
  const needed = labelsToReach(own.labels, meanCurve(own), curve.at(-1)!);
  const neededByRandom = labelsToReach(random.labels, curve, curve.at(-1)!)!;
  const isBaseline = arm === baseline;
  return {
    finalDifference: isBaseline ? null : difference(own, random, (_, seed) => seed.cycles.at(-1)!.metric),
    areaDifference: isBaseline ? null : difference(own, random, areaOf),
    labelsForRandomFinal: needed,
    labelsSaved: needed === null ? null : 1 - needed / neededByRandom,
    labelsShares: labelsShares(own, random),
  };
}

/** An estimate over seeds of one number per seed. */
function over(seeds: readonly SeedResult[], figure: (seed: SeedResult) => number): Estimate {
  return studentInterval(seeds.map(figure));
}

function difference(
  own: Block,
  random: Block,
  figure: (labels: readonly number[], seed: SeedResult) => number,
): Difference {
  const left = own.seeds.map((seed) => figure(own.labels, seed));
  const right = random.seeds.map((seed) => figure(random.labels, seed));
  return { ...studentInterval(left.map((value, s) => value - right[s]!)), pValue: pairedTTest(left, right) };
}

/** Mean metric over the range of labels, by trapezoids. */
function areaOf(labels: readonly number[], seed: SeedResult): number {
  const metrics = seed.cycles.map((cycle) => cycle.metric);
  if (metrics.length === 1) return metrics[0]!;
  return trapezoidArea(labels, metrics) / (labels.at(-1)! - labels[0]!);
}

function secondsOf(cycle: CycleRecord): number {
  return cycle.trainSeconds + cycle.scoreSeconds;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}
