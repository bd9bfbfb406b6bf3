// What the arms of an experiment show beside random: curves with intervals, paired differences, labels saved.
// Arms share initial labels and weights within a seed, so every comparison is paired by seed. A run in progress can be
// compared too: seeds that lag behind wait outside until they help more than the cycles they would cut off.
import { ForelossError } from "../core/errors.ts";
import { mean, pairedTTest, studentInterval, trapezoidArea } from "../core/statistics.ts";
import type { ArmComparison, ArmResult, CycleRecord, Estimate, Results, SeedResult } from "../records/results.ts";

/** The same cycles of several seeds of one arm: `seeds[s].cycles[c]`, all of one length. */
interface Block {
  readonly labels: readonly number[]; // [cycles]
  readonly seeds: readonly SeedResult[];
}

type Difference = NonNullable<ArmComparison["finalDifference"]>;

/**
 * Compares every arm that has finished a cycle with the random arm. An arm's own figures rest on its own seeds and cycles;
 * differences and labels saved rest on the seeds and cycles it shares with random.
 * Throws a `ForelossError` when arms or seeds have different numbers of labels in one cycle.
 */
export function compareArms(arms: readonly ArmResult[]): Results["comparison"] {
  const started = arms.filter(hasCycles);
  const baseline = findBaseline(started);
  return { baseline: baseline?.name ?? null, arms: started.map((arm) => compareArm(arm, baseline)) };
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
  };
}

function againstBaseline(
  arm: ArmResult,
  baseline: ArmResult | undefined,
): Pick<ArmComparison, "finalDifference" | "areaDifference" | "labelsForRandomFinal" | "labelsSaved"> {
  const shared = baseline === undefined ? null : sharedBlocks(arm, baseline);
  if (shared === null) {
    return { finalDifference: null, areaDifference: null, labelsForRandomFinal: null, labelsSaved: null };
  }
  const [own, random] = shared;
  const target = meanCurve(random).at(-1)!;
  const needed = labelsToReach(own, target);
  const neededByRandom = labelsToReach(random, target)!;
  const isBaseline = arm === baseline;
  return {
    finalDifference: isBaseline ? null : difference(own, random, (_, seed) => seed.cycles.at(-1)!.metric),
    areaDifference: isBaseline ? null : difference(own, random, areaOf),
    labelsForRandomFinal: needed,
    labelsSaved: needed === null ? null : 1 - needed / neededByRandom,
  };
}

/** The seeds both arms have, cut to the cycles both have; null when they share none. */
function sharedBlocks(arm: ArmResult, baseline: ArmResult): readonly [Block, Block] | null {
  const pairs = arm.seeds.flatMap((own) => {
    const random = baseline.seeds.find((seed) => seed.seed === own.seed);
    return random === undefined ? [] : [{ own, random }];
  });
  const lengths = pairs.map(({ own, random }) => Math.min(own.cycles.length, random.cycles.length));
  const length = fullestLength(lengths);
  if (length === 0) return null;
  const kept = pairs.filter((_, p) => lengths[p]! >= length);
  const blocks = [
    cutTo(
      arm,
      kept.map((pair) => pair.own),
      length,
    ),
    cutTo(
      baseline,
      kept.map((pair) => pair.random),
      length,
    ),
  ] as const;
  checkSameLabels(`arms "${arm.name}" and "${baseline.name}"`, blocks[0].labels, blocks[1].labels);
  return blocks;
}

function fullestBlock(arm: ArmResult, seeds: readonly SeedResult[]): Block {
  return cutTo(arm, seeds, fullestLength(seeds.map((seed) => seed.cycles.length)));
}

/**
 * How many cycles to look at when seeds have come differently far: the number that keeps most figures (cycles times the
 * seeds that have them), the larger one of equals. Finished seeds are not cut short by one that has just begun.
 */
function fullestLength(lengths: readonly number[]): number {
  const kept = (length: number) => length * lengths.filter((other) => other >= length).length;
  return lengths.reduce(
    (best, length) => (kept(length) > kept(best) || (kept(length) === kept(best) && length > best) ? length : best),
    0,
  );
}

/** The first `length` cycles of the seeds that have them. */
function cutTo(arm: ArmResult, seeds: readonly SeedResult[], length: number): Block {
  const cut = seeds
    .filter((seed) => seed.cycles.length >= length)
    .map((seed) => ({ seed: seed.seed, cycles: seed.cycles.slice(0, length) }));
  const labelsOf = (seed: SeedResult) => seed.cycles.map((cycle) => cycle.labels);
  const labels = labelsOf(cut[0]!);
  for (const seed of cut) {
    checkSameLabels(`arm "${arm.name}", seeds ${cut[0]!.seed} and ${seed.seed}`, labels, labelsOf(seed));
  }
  return { labels, seeds: cut };
}

function checkSameLabels(where: string, left: readonly number[], right: readonly number[]): void {
  const cycle = left.findIndex((labels, c) => labels !== right[c]);
  if (cycle === -1) return;
  throw new ForelossError(`${where}: ${left[cycle]} and ${right[cycle]} labels in cycle ${cycle}`, {
    hint: "only figures with equal numbers of labels can be compared; compare runs of one recipe",
  });
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

function meanCurve(block: Block): number[] {
  return block.labels.map((_, c) => mean(block.seeds.map((seed) => seed.cycles[c]!.metric)));
}

/**
 * Labels at which the mean curve, made monotone by its running maximum, first reaches `target`, between cycles by straight
 * lines; null when it never does. A curve that starts above the target gives its first number of labels, an upper bound.
 */
function labelsToReach(block: Block, target: number): number | null {
  let best = Number.NEGATIVE_INFINITY;
  for (const [c, metric] of meanCurve(block).entries()) {
    if (metric >= target) {
      if (c === 0) return block.labels[0]!;
      const before = block.labels[c - 1]!;
      return before + ((target - best) / (metric - best)) * (block.labels[c]! - before);
    }
    best = Math.max(best, metric);
  }
  return null;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}
