// How many labels an arm needs for what random reaches, read off mean curves, with an interval by resampling the seeds.
// "Never reached" is an outcome like others: it is counted, not dropped, else arms that fail would look well.
import { percentileBounds, resample } from "../core/bootstrap.ts";
import { createRandom } from "../core/random.ts";
import { mean } from "../core/statistics.ts";
import type { LabelsShare } from "../records/results.ts";
import { type Block, meanCurve } from "./blocks.ts";

/** Shares of the budget at which random's metric is taken for the target. */
const budgetShares = [0.5, 0.75, 1] as const;

/** Draws behind every interval; the same draws for every arm, always. */
export const resamples = 2000;

/**
 * Labels at which a mean curve, made monotone by its running maximum, first reaches `target`, between cycles by straight
 * lines; null when it never does. A curve that starts above the target gives its first number of labels, an upper bound.
 */
export function labelsToReach(labels: readonly number[], curve: readonly number[], target: number): number | null {
  let best = Number.NEGATIVE_INFINITY;
  for (const [c, metric] of curve.entries()) {
    if (metric >= target) {
      if (c === 0) return labels[0]!;
      const before = labels[c - 1]!;
      return before + ((target - best) / (metric - best)) * (labels[c]! - before);
    }
    best = Math.max(best, metric);
  }
  return null;
}

/** The figures at each share of the budget that is not below the first cycle's labels; both blocks of the same seeds. */
export function labelsShares(own: Block, random: Block): LabelsShare[] {
  const { labels } = own;
  const draws = own.seeds.length < 2 ? [] : resample(own.seeds.length, resamples, createRandom(0, "bootstrap"));
  const drawn = draws.map((seeds) => [drawnCurve(own, seeds), drawnCurve(random, seeds)] as const);
  return budgetShares.flatMap((ofBudget) => {
    const at = ofBudget * labels.at(-1)!;
    if (at < labels[0]!) return [];
    const needed = neededFor(at, labels, meanCurve(own), meanCurve(random));
    const shares = drawn.map(([mine, others]) => neededFor(at, labels, mine, others).share ?? Number.POSITIVE_INFINITY);
    return [{ ofBudget, ...needed, ...intervalOf(shares) }];
  });
}

/** Mean curve of the seeds at these positions, some of them more than once. */
function drawnCurve({ labels, seeds }: Block, positions: Uint32Array): number[] {
  return labels.map((_, c) => mean(Array.from(positions, (s) => seeds[s]!.cycles[c]!.metric)));
}

/** What `own` needs for what `random` has at `at` labels. */
function neededFor(
  at: number,
  labels: readonly number[],
  own: readonly number[],
  random: readonly number[],
): Pick<LabelsShare, "target" | "labels" | "share"> {
  const target = metricAt(at, labels, random);
  const needed = labelsToReach(labels, own, target);
  const byRandom = labelsToReach(labels, random, target) ?? at; // rounding may put the target a hair above the curve
  return { target, labels: needed, share: needed === null ? null : needed / byRandom };
}

/** The curve at `at` labels, between cycles by a straight line. */
function metricAt(at: number, labels: readonly number[], curve: readonly number[]): number {
  const c = labels.findIndex((count) => count >= at);
  if (labels[c] === at) return curve[c]!;
  const [before, after] = [labels[c - 1]!, labels[c]!];
  return curve[c - 1]! + ((at - before) / (after - before)) * (curve[c]! - curve[c - 1]!);
}

function intervalOf(shares: readonly number[]): Pick<LabelsShare, "low" | "high" | "neverReached"> {
  if (shares.length === 0) return { low: null, high: null, neverReached: null };
  const { low, high } = percentileBounds(shares);
  const never = shares.filter((share) => share === Number.POSITIVE_INFINITY).length;
  return { low: reached(low), high: reached(high), neverReached: never / shares.length };
}

function reached(share: number): number | null {
  return Number.isFinite(share) ? share : null;
}
