// The comparison as plain text for a terminal: metric per cycle and arm, what the labels bought beside random, and whether
// more of them would help.
import type { ArmComparison, Results } from "../../records/results.ts";
import { aligned, inBlocks } from "./aligned.ts";
import { estimate, labels, noFigure, percent, points, pValue, seconds, seedCount } from "./figures.ts";
import { labelsTable, stoppingTable, winTable } from "./further-tables.ts";
import { summarise } from "./summary.ts";

/** Tables and the sentences that go with them, at most `widthColumns` wide where the columns allow it; no newline at the end. */
export function comparisonTable(results: Results, widthColumns = 100): string {
  const { arms } = results.comparison;
  const summary = summarise(results);
  if (arms.length === 0) return summary.headline;
  const several = arms.some((arm) => arm.area.count > 1);
  const spread = several
    ? `, mean +- half width of the 95 % interval over ${seedCount(arms)}`
    : "; 1 seed: no interval";
  return [
    `${results.metric} in % by number of labels${spread}`,
    "",
    curveTable(arms, widthColumns),
    "",
    aligned([outcomeHeader, ...arms.map((arm) => outcomeRow(arm, results.comparison.baseline))]),
    "",
    ...outcomeNotes(several, results.metric),
    "",
    ...[labelsTable(results), winTable(results, widthColumns), stoppingTable(results)].flatMap((lines) =>
      lines.length === 0 ? [] : [...lines, ""],
    ),
    summary.headline,
    ...summary.caveats,
  ].join("\n");
}

/** One row per arm, one column per number of labels; too many columns go on below. */
function curveTable(arms: readonly ArmComparison[], widthColumns: number): string {
  const counts = [...new Set(arms.flatMap((arm) => arm.curve.map((point) => point.labels)))].sort((a, b) => a - b);
  const columns = counts.map((count) => [
    labels(count),
    ...arms.map((arm) => estimate(arm.curve.find((point) => point.labels === count)?.metric ?? null, percent, "+-")),
  ]);
  const names = ["labels", ...arms.map((arm) => arm.arm)];
  return inBlocks(names, columns, widthColumns);
}

const outcomeHeader = ["arm", "vs random", "p", "area", "labels", "saved", "ranking", "train", "s/cycle"];

function outcomeRow(arm: ArmComparison, baseline: string | null): string[] {
  const compared = arm.arm === baseline || arm.finalDifference !== null;
  return [
    arm.arm,
    estimate(arm.finalDifference, points, "+-"),
    pValue(arm.finalDifference?.pValue),
    estimate(arm.area, percent, "+-"),
    compared ? labels(arm.labelsForRandomFinal) : noFigure,
    arm.labelsSaved === null ? noFigure : `${percent(arm.labelsSaved, 0)} %`,
    estimate(arm.rankingAccuracy, percent, "+-"),
    percent(arm.trainMetric.mean),
    seconds(arm.secondsPerCycle.mean),
  ];
}

function outcomeNotes(several: boolean, metric: string): string[] {
  return [
    `vs random: final ${metric} minus random's, in points${several ? ", paired by seed; p: paired t-test" : ""}`,
    `area: mean ${metric} over the labels; labels, saved: to reach random's final ${metric}`,
    "ranking: pairs the predicted loss puts in the right order, chance 50; train: on the labelled items, last cycle",
  ];
}
