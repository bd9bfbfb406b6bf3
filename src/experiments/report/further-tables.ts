// What stands below the comparison on a terminal: labels needed beside random's, which arm is ahead of which, and what
// speaks for going on. Each table is lines of text, none where it would hold nothing.
import type { ArmComparison, Results } from "../../records/results.ts";
import { aligned, inBlocks } from "./aligned.ts";
import {
  entropies,
  estimate,
  hundredths,
  labels,
  noFigure,
  percent,
  points,
  shareBounds,
  shareOfRandom,
} from "./figures.ts";
import { advice, gainPerHundred } from "./stopping-words.ts";

/** Labels each arm needs for what random has at shares of the budget. */
export function labelsTable({ comparison, metric }: Results): string[] {
  const { arms, baseline, resamples } = comparison;
  const compared = arms.filter((arm) => arm.arm !== baseline && arm.labelsShares.length > 0);
  if (compared.length === 0) return [];
  const points = [...new Set(compared.flatMap((arm) => arm.labelsShares.map((one) => one.ofBudget)))];
  const several = compared.some((arm) => arm.labelsShares.some((one) => one.neverReached !== null));
  return [
    aligned([
      ["labels / random's", ...points.map((ofBudget) => `at ${percent(ofBudget, 0)} %`)],
      ...compared.map((arm) => [arm.arm, ...points.map((ofBudget) => shareCell(arm, ofBudget))]),
    ]),
    `to reach the ${metric} random has at that share of the budget; below 1 fewer; never: not within the budget`,
    ...(several ? [`in brackets 95 % over seeds: percentile bootstrap, paired, ${labels(resamples)} resamples`] : []),
  ];
}

function shareCell(arm: ArmComparison, ofBudget: number): string {
  const found = arm.labelsShares.find((one) => one.ofBudget === ofBudget);
  if (found === undefined) return noFigure;
  const bounds = shareBounds(found);
  return bounds === null ? shareOfRandom(found) : `${shareOfRandom(found)} (${bounds})`;
}

/** Share of cycle and seed pairs in which the row's arm is ahead of the column's. */
export function winTable({ comparison: { winRates } }: Results, widthColumns: number): string[] {
  const { arms, rates, pairs } = winRates;
  const most = Math.max(0, ...pairs.flat());
  if (most === 0) return [];
  const columns = arms.map((name, c) => [name, ...rates.map((row) => rateCell(row[c]!))]);
  return [
    inBlocks(["ahead of, %", ...arms], columns, widthColumns),
    `of at most ${most} cycle x seed pairs, those in which the row's arm is ahead of the column's; ties half,`,
    "the first cycle left out: nothing is chosen in it; most possible 100",
  ];
}

function rateCell(rate: number | null): string {
  return rate === null ? noFigure : percent(rate, 0);
}

/** What speaks for going on with labelling, or for stopping. */
export function stoppingTable({ comparison: { arms }, metric }: Results): string[] {
  const compared = arms.filter(({ stopping }) => stopping.lastGain !== null);
  if (compared.length === 0) return [];
  const rows = compared.map(({ arm, stopping }) => [
    arm,
    estimate(stopping.lastGain, points, "+-"),
    gainPerHundred(stopping) ?? noFigure,
    kappa(stopping.agreement?.mean),
    kappa(stopping.agreementOverThree?.mean),
    stopping.poolEntropy === null ? noFigure : entropies(stopping.poolEntropy),
    advice(stopping),
  ]);
  return [
    aligned([["more labels?", "last gain", "per 100", "agree", "of 3", "pool entropy", "speaks for"], ...rows]),
    `last gain: points of ${metric} that the last batch brought, and per 100 labels; agree: kappa of the last two models on`,
    "the held-out items, and mean of the last three (settled from 0.99); pool entropy: first and last, nats; advice only",
  ];
}

function kappa(value: number | undefined): string {
  return value === undefined ? noFigure : hundredths(value);
}
