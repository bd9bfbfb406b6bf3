// Says in plain sentences what the figures show: whether anything beats random here, and what speaks against reading too
// much into it. An arm differs from random when the paired test says so at 5 %; all else is "not distinguishable".

import { counted } from "../../core/counted.ts";
import type { ArmComparison, ArmResult, Estimate, Results } from "../../records/results.ts";
import { labelsOf } from "../blocks.ts";
import { coverageNotes } from "../compare.ts";
import { labels, percent, points, pValue, seedCount } from "./figures.ts";

export type Verdict = "baseline" | "better" | "worse" | "not distinguishable" | "too few seeds" | "not compared";

export interface Summary {
  readonly headline: string;
  /** Per arm other than random a sentence or two, to be read after the arm's name. */
  readonly arms: readonly { readonly arm: string; readonly verdict: Verdict; readonly text: string }[];
  readonly caveats: readonly string[];
}

export function summarise(results: Results): Summary {
  const { arms, baseline } = results.comparison;
  const others = arms.filter((arm) => arm.arm !== baseline);
  return {
    headline: headline(results, others),
    arms: others.map((arm) => ({ arm: arm.arm, verdict: verdictOf(arm, baseline), text: armText(results, arm) })),
    caveats: caveats(results, others),
  };
}

/** How the arm's final metric stands to random's. */
export function verdictOf(arm: ArmComparison, baseline: string | null): Verdict {
  if (arm.arm === baseline) return "baseline";
  if (arm.finalDifference === null) return "not compared";
  if (arm.finalDifference.count < 2) return "too few seeds";
  if (!differs(arm.finalDifference)) return "not distinguishable";
  return arm.finalDifference.mean > 0 ? "better" : "worse";
}

function differs(difference: NonNullable<ArmComparison["finalDifference"]>): boolean {
  return difference.pValue !== null && difference.pValue < 0.05;
}

function headline(results: Results, others: readonly ArmComparison[]): string {
  const { baseline, arms } = results.comparison;
  if (arms.length === 0) return "No cycle is finished yet.";
  if (baseline === null) return "There is no random arm here, so nothing can be said about beating random.";
  const compared = others.filter((arm) => arm.finalDifference !== null);
  if (others.length === 0) return "Only random has finished a cycle: there is nothing to compare yet.";
  if (compared.length === 0) return "No other arm shares a seed with random, so nothing can be compared.";
  if (compared.every((arm) => verdictOf(arm, baseline) === "too few seeds")) {
    return "One seed is too little to say whether anything beats random: differences may be chance.";
  }
  const better = compared.filter((arm) => verdictOf(arm, baseline) === "better").map((arm) => arm.arm);
  if (better.length === 0) return `Nothing beats random here in final ${results.metric} (${seedCount(compared)}).`;
  const many = better.length === 1 ? "beats" : "beat";
  return `${listed(better)} ${many} random here in final ${results.metric} (${seedCount(compared)}).`;
}

function armText(results: Results, arm: ArmComparison): string {
  const { baseline } = results.comparison;
  if (arm.finalDifference === null) return "shares no seed with random and is not compared.";
  const opening = {
    better: "beats random",
    worse: "is worse than random",
    "not distinguishable": "is not distinguishable from random",
    "too few seeds": "against random, one seed",
    baseline: "",
    "not compared": "",
  }[verdictOf(arm, baseline)];
  const at = `at ${labels(arm.curve.at(-1)!.labels)} labels`;
  return `${opening}: ${differenceText(arm.finalDifference, results.metric)} ${at}. ${areaText(arm)}${savedText(arm)}`;
}

function differenceText(difference: NonNullable<ArmComparison["finalDifference"]>, metric: string): string {
  const interval = intervalText(difference);
  const p = difference.pValue === null ? "" : `p\u00a0${pText(difference.pValue)}`;
  const both = [interval, p].filter((part) => part !== "").join(", ");
  return `${points(difference.mean)} points of ${metric}${both === "" ? "" : ` (${both})`}`;
}

function intervalText(difference: Estimate): string {
  if (difference.low === null || difference.high === null) return "";
  return `95 % interval ${points(difference.low)} to ${points(difference.high)}`;
}

function pText(value: number): string {
  const text = pValue(value);
  return text.startsWith("<") ? `<\u00a0${text.slice(1)}` : `=\u00a0${text}`;
}

/** Speaks of the whole curve only where it says something else than its end. */
function areaText(arm: ArmComparison): string {
  const area = arm.areaDifference;
  if (area === null || !differs(area)) return "";
  if (arm.finalDifference !== null && differs(arm.finalDifference) && area.mean * arm.finalDifference.mean > 0)
    return "";
  const side = area.mean > 0 ? "ahead" : "behind";
  return `Over the whole curve it is ${side} (${points(area.mean)} points on average, ${intervalText(area)}). `;
}

function savedText(arm: ArmComparison): string {
  if (arm.labelsSaved === null) return "Its mean curve does not reach random's final figure.";
  const needed = labels(arm.labelsForRandomFinal);
  const share = percent(Math.abs(arm.labelsSaved), 0);
  if (share === "0") return `Its mean curve reaches random's final figure with as many labels (${needed}).`;
  const side = arm.labelsSaved > 0 ? "fewer" : "more";
  return `Its mean curve reaches random's final figure with ${needed} labels, ${share} % ${side}.`;
}

function caveats(results: Results, others: readonly ArmComparison[]): string[] {
  const tested = others.filter((arm) => (arm.finalDifference?.count ?? 0) > 1).length;
  const seeds = Math.max(0, ...others.map((arm) => arm.finalDifference?.count ?? 0));
  const chance = Math.round(100 * (1 - 0.95 ** tested));
  return [
    results.provenance.finished === null && "The run is not finished: the figures cover what is there so far.",
    ...coverageNotes(results.arms),
    wholePicturesNote(results.arms),
    seeds > 1 &&
      seeds < 5 &&
      `${counted(seeds, "seed")} are few: intervals are wide, and a difference can turn round with others.`,
    seeds === 1 &&
      others.some((arm) => arm.labelsSaved !== null) &&
      "Labels saved are read off one seed's curves and carry no interval.",
    seeds > 1 &&
      seeds < 5 &&
      `The intervals of labels needed come from drawing ${seeds} seeds anew: with so few they are too narrow.`,
    tested > 1 &&
      `${tested} comparisons at 5 % each: in about ${chance} % of such experiments chance alone makes one stand out.`,
  ].filter((text) => text !== false);
}

/** What batches had too much because pictures are labelled whole; false where nothing was. */
function wholePicturesNote(arms: readonly ArmResult[]): string | false {
  const cycles = arms.flatMap(({ seeds }) => seeds.flatMap((seed) => seed.cycles));
  const most = Math.max(0, ...cycles.map((cycle) => cycle.labels - labelsOf(cycle)));
  return (
    most > 0 && `Pictures are labelled whole: an arm has up to ${counted(most, "label")} more than it is shown at.`
  );
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
