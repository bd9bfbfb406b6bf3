// What the labels bought, further: labels needed beside random's, which arm is ahead of which, and what speaks for going on.
import { counted } from "../../core/counted.ts";
import type { LabelsShare, StoppingSigns } from "../../records/results.ts";
import { settledFrom } from "../stopping.ts";
import { armName, type ExperimentView, table } from "./experiment-view.ts";
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
import { type Content, html, type Markup } from "./markup.ts";
import { advice, curveWord, gainPerHundred, modelsWord } from "./stopping-words.ts";

/** Nothing where no arm is compared with random, or nothing was chosen yet. */
export function boughtSection(view: ExperimentView): Markup | null {
  const parts = [labelsPart(view), winPart(view)].filter((part) => part !== null);
  return parts.length === 0 ? null : html`<section><h2>Labels beside random's</h2>${parts}</section>`;
}

function labelsPart(view: ExperimentView): Markup | null {
  const { arms, baseline, resamples } = view.results.comparison;
  const compared = arms.filter((arm) => arm.arm !== baseline && arm.labelsShares.length > 0);
  if (compared.length === 0) return null;
  const shares = [...new Set(compared.flatMap((arm) => arm.labelsShares.map((one) => one.ofBudget)))];
  const { metric } = view.results;
  const rows = compared.map((arm) => [
    armName(view, arm.arm),
    ...shares.map((ofBudget) => shareCell(arm.labelsShares.find((one) => one.ofBudget === ofBudget))),
  ]);
  const header = ["arm", ...shares.map((ofBudget) => `at ${percent(ofBudget, 0)} % of the budget`)];
  return html`${table("Labels needed, as a share of random's, with 95 % interval", header, rows)}
<p class="note">How many labels the arm's mean curve, made monotone, takes to reach the ${metric} that random has at that share of
the budget, divided by what random itself takes: 0.80 is a fifth fewer, above 1 is more. <em>Never</em>: not reached within the budget, so
somewhere above it (censored). Intervals: percentile bootstrap, seeds drawn anew ${labels(resamples)} times, the same for both arms; a draw
that never gets there counts as beyond every bound. One seed gives none, and few seeds give too narrow ones.</p>`;
}

function shareCell(share: LabelsShare | undefined): Content {
  if (share === undefined) return noFigure;
  const bounds = shareBounds(share);
  return bounds === null ? shareOfRandom(share) : html`${shareOfRandom(share)} <small>(${bounds})</small>`;
}

function winPart(view: ExperimentView): Markup | null {
  const { arms, rates, pairs } = view.results.comparison.winRates;
  const most = Math.max(0, ...pairs.flat());
  if (most === 0) return null;
  const rows = arms.map((arm, r) => [
    armName(view, arm),
    ...rates[r]!.map((rate, c) => rateCell(rate, pairs[r]![c]!, most)),
  ]);
  return html`<div class="matrix">${table("Share of cycles and seeds in which the row's arm is ahead of the column's, %", ["ahead of", ...arms.map((arm) => armName(view, arm))], rows)}</div>
<p class="note">Counted over ${counted(most, "pair")} of cycle and seed at most; where two arms share fewer, their number stands in brackets. A tie counts half.
The first cycle is left out, since nothing has been chosen in it: 100 % is ahead everywhere, 50 % no better and no worse. How far ahead
is not told.</p>`;
}

/** Tinted towards green above a half and towards red below; the figure itself says the same. */
function rateCell(rate: number | null, pairs: number, most: number): Content {
  if (rate === null) return noFigure;
  const fewer = pairs === most ? null : html` <small>(${pairs})</small>`;
  const tint = `color-mix(in srgb, var(${rate >= 0.5 ? "--good" : "--bad"}) ${percent(Math.abs(rate - 0.5) * 0.7, 0)}%, transparent)`;
  return html`<span class="rate" style="background:${tint}">${percent(rate, 0)}${fewer}</span>`;
}

/** What speaks for going on with labelling or for stopping; nothing after one cycle. */
export function stoppingSection(view: ExperimentView): Markup | null {
  const { comparison, metric } = view.results;
  const arms = comparison.arms.filter(({ stopping }) => stopping.lastGain !== null);
  if (arms.length === 0) return null;
  const header = [
    "arm",
    "last gain",
    "per 100 labels",
    "curve",
    "agreement (of 3)",
    "models",
    "pool entropy",
    "speaks for",
  ];
  const rows = arms.map(({ arm, stopping }) => [armName(view, arm), ...signCells(stopping)]);
  return html`<section><h2>Would more labels help?</h2>${table("Signs for going on or stopping", header, rows)}
<p class="note">Advice, on which nothing in a run depends. Last gain: points of ${metric} that the last cycle has more than the one before, with its 95 %
interval over seeds; the curve is <em>rising</em> where all of it lies above 0 and <em>may be flat</em> where 0 is in it. Agreement:
Cohen's kappa of what the last two models decide about the held-out items (for boxes: which classes they see in each picture); models
count as settled from a mean of ${settledFrom} over the last three cycles, in brackets (Bloodgood and Vijay-Shanker 2009). Pool entropy: mean over the items to choose
from, or some hundreds of them drawn at random, in nats. ${noFigure}: not known, in runs of older versions and for tasks without such decisions.</p></section>`;
}

function signCells(signs: StoppingSigns): Content[] {
  const { lastGain, agreement, agreementOverThree: three, poolEntropy } = signs;
  return [
    estimate(lastGain, points, "±"),
    gainPerHundred(signs) ?? noFigure,
    curveWord(signs),
    agreement === null
      ? noFigure
      : html`${hundredths(agreement.mean)}${three !== null && html` <small>(${hundredths(three.mean)})</small>`}`,
    modelsWord(signs),
    poolEntropy === null ? noFigure : entropies(poolEntropy),
    advice(signs),
  ];
}
