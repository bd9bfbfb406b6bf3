// The figures as tables: what each arm was, its metric per cycle, what it bought beside random, and every seed's numbers.
import type { ArmComparison } from "../../records/results.ts";
import { labelsOf } from "../blocks.ts";
import { armName, type ExperimentView, startedArms, table } from "./experiment-view.ts";
import { estimate, labels, noFigure, percent, points, pValue, seconds, seedCount } from "./figures.ts";
import { type Content, html, type Markup } from "./markup.ts";
import { verdictOf } from "./summary.ts";

export function tableSection(view: ExperimentView): Markup {
  return html`<section><h2>Figures</h2>${curveTable(view)}${outcomeTable(view)}${trainingTable(view)}
<p class="note">Final difference: metric of the last cycle minus random's, paired by seed, in points; p from a paired t-test. Area: mean
metric over the range of labels. Labels needed: where the mean curve, made monotone, first reaches random's final metric; saved: against
where random itself first reaches it. Ranking: pairs of test items that the predicted loss puts in the order of their true losses, chance 50 %,
mean over cycles. Train ${view.results.metric}: on the labelled items in the last cycle; a net that does not fit them chooses badly.</p>
<details><summary>Every seed</summary>${seedTable(view)}</details></section>`;
}

function curveTable(view: ExperimentView): Markup {
  const { arms } = view.results.comparison;
  const counts = labelCounts(arms);
  const spread = arms.some((arm) => arm.area.count > 1)
    ? `mean ± half width of the 95 % interval over ${seedCount(arms)}`
    : "one seed: no interval";
  return table(
    `${view.results.metric} in % by number of labels, ${spread}`,
    ["labels", ...counts.map(labels)],
    arms.map((arm) => [
      armName(view, arm.arm),
      ...counts.map((count) =>
        estimateCell(arm.curve.find((point) => point.labels === count)?.metric ?? null, percent),
      ),
    ]),
  );
}

function labelCounts(arms: readonly ArmComparison[]): number[] {
  return [...new Set(arms.flatMap((arm) => arm.curve.map((point) => point.labels)))].sort((a, b) => a - b);
}

function estimateCell(value: ArmComparison["area"] | null, write: (number: number) => string): Content {
  const [middle, half] = estimate(value, write, "±").split(" ± ");
  return half === undefined ? middle : html`${middle} <small>± ${half}</small>`;
}

/** What the labels bought beside random. */
function outcomeTable(view: ExperimentView): Markup {
  const { arms, baseline } = view.results.comparison;
  return table(
    baseline === null ? "No random arm to compare with" : `Beside ${baseline}`,
    ["arm", "final difference", "p", "area", "area difference", "p", "labels needed", "saved"],
    arms.map((arm) => [
      armName(view, arm.arm),
      html`<span class="${verdictOf(arm, baseline)}">${estimateCell(arm.finalDifference, points)}</span>`,
      pValue(arm.finalDifference?.pValue),
      estimateCell(arm.area, percent),
      estimateCell(arm.areaDifference, points),
      pValue(arm.areaDifference?.pValue),
      arm.arm === baseline || arm.finalDifference !== null ? labels(arm.labelsForRandomFinal) : noFigure,
      arm.labelsSaved === null ? noFigure : `${percent(arm.labelsSaved, 0)} %`,
    ]),
  );
}

/** What each arm was, and how its trainings went. */
function trainingTable(view: ExperimentView): Markup {
  const results = new Map(view.results.arms.map((arm) => [arm.name, arm]));
  const rows = view.results.comparison.arms.map((arm) => {
    const { strategy, lossPrediction, start, members } = results.get(arm.arm)!;
    return [
      armName(view, arm.arm),
      members === undefined ? strategy : `${strategy}, ${members} members`,
      lossPrediction,
      start,
      arm.area.count,
      estimateCell(arm.rankingAccuracy, percent),
      estimateCell(arm.trainMetric, percent),
      estimateCell(arm.secondsPerCycle, seconds),
    ];
  });
  const train = `train ${view.results.metric} %`;
  return table(
    "How they were trained",
    ["arm", "strategy", "loss prediction", "start", "seeds", "ranking accuracy %", train, "seconds per cycle"],
    rows,
  );
}

/** All cycles of all seeds, those of a run in progress too. */
function seedTable(view: ExperimentView): Markup {
  const arms = startedArms(view);
  const all = arms.flatMap((arm) => arm.seeds.flatMap((seed) => seed.cycles));
  const counts = [...new Set(all.map(labelsOf))].sort((a, b) => a - b);
  const rows = arms.flatMap((arm) =>
    arm.seeds.map((seed) => [
      armName(view, arm.name),
      seed.seed,
      ...counts.map((count) => {
        const cycle = seed.cycles.find((one) => labelsOf(one) === count);
        return cycle === undefined ? noFigure : percent(cycle.metric, 2);
      }),
    ]),
  );
  return table(
    `${view.results.metric} in % of every seed by number of labels`,
    ["arm", "seed", ...counts.map(labels)],
    rows,
  );
}
