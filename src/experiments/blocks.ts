// The cycles of seeds that can be laid over each other: the same numbers of labels in the same places. A run in progress
// has seeds that lag behind; they wait outside until they help more than the cycles they would cut off.
import { ForelossError } from "../core/errors.ts";
import { mean } from "../core/statistics.ts";
import type { ArmResult, CycleRecord, SeedResult } from "../records/results.ts";

/** The number of labels that a cycle's figures count at. */
export function labelsOf({ labels, labelsAsked }: CycleRecord): number {
  return labelsAsked ?? labels;
}

/** The same cycles of several seeds of one arm: `seeds[s].cycles[c]`, all of one length. */
export interface Block {
  readonly labels: readonly number[]; // [cycles]
  readonly seeds: readonly SeedResult[];
}

/** The seeds both arms have, in rising order, cut to the cycles both have; null when they share none. */
export function sharedBlocks(arm: ArmResult, baseline: ArmResult): readonly [Block, Block] | null {
  const pairs = arm.seeds.flatMap((own) => {
    const random = baseline.seeds.find((seed) => seed.seed === own.seed);
    return random === undefined ? [] : [{ own, random }];
  });
  const lengths = pairs.map(({ own, random }) => Math.min(own.cycles.length, random.cycles.length));
  const length = fullestLength(lengths);
  if (length === 0) return null;
  const kept = pairs.filter((_, p) => lengths[p]! >= length).sort((a, b) => a.own.seed - b.own.seed);
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

export function fullestBlock(arm: ArmResult, seeds: readonly SeedResult[]): Block {
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
  const labels = cut[0]!.cycles.map(labelsOf);
  for (const { seed, cycles } of cut) {
    checkSameLabels(`arm "${arm.name}", seeds ${cut[0]!.seed} and ${seed}`, labels, cycles.map(labelsOf));
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

/** Mean metric of every cycle. */
export function meanCurve({ labels, seeds }: Block): number[] {
  return labels.map((_, c) => mean(seeds.map((seed) => seed.cycles[c]!.metric)));
}
