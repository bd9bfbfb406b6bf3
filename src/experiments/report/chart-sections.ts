// The charts of the page: learning curves, then what happened along the way (ranking accuracy, fit of the labelled items,
// seconds), then predicted against true loss.
import type { ArmResult, CycleRecord, Results } from "../../records/results.ts";
import { estimateCurve } from "../compare.ts";
import { armLooks } from "./arm-looks.ts";
import { type LineChart, lineChart, lossCloud } from "./charts.ts";
import { armName, type ExperimentView, legend, lookOf, startedArms } from "./experiment-view.ts";
import { hundredths, labels, percent } from "./figures.ts";
import { type Content, html, type Markup, trusted } from "./markup.ts";

/** The learning curves alone, with their legend, as an SVG file on white ground: for a README. */
export function curveSvg(results: Results): Promise<string> {
  const { arms, baseline } = results.comparison;
  const looks = armLooks(
    arms.map((arm) => arm.arm),
    new Set(baseline === null ? [] : [baseline]),
  );
  const series = arms.map(({ arm, curve }) => ({ arm, look: looks.get(arm)!, curve }));
  const seeds = Math.max(0, ...arms.map((arm) => arm.area.count));
  const spread = seeds > 1 ? `mean and 95 % interval over ${seeds} seeds` : "one seed, no interval";
  const title = `${results.name}: ${spread}`;
  return lineChart({ series, yTitle: `${results.metric}, %`, scale: 100, standalone: { title } });
}

export async function curveSection(view: ExperimentView): Promise<Markup> {
  const { metric, comparison } = view.results;
  const caption = comparison.arms.some((arm) => arm.area.count > 1)
    ? `Test ${metric} by number of labels; bands are 95 % intervals over seeds, cut where they leave the picture.`
    : `Test ${metric} by number of labels; one seed, so no intervals.`;
  const chart = await armChart(view, startedArms(view), caption, {
    yTitle: `${metric}, %`,
    scale: 100,
    figure: (cycle) => cycle.metric,
  });
  return html`<section><h2>Learning curves</h2><div class="main-chart">${chart}</div></section>`;
}

export async function alongTheWaySection(view: ExperimentView): Promise<Markup> {
  const arms = startedArms(view);
  const withModule = arms.filter((arm) =>
    arm.seeds.some((seed) => seed.cycles.some((c) => c.rankingAccuracy !== null)),
  );
  const { metric } = view.results;
  const ranking = await armChart(view, withModule, "Ranking accuracy of the predicted loss on held-out items.", {
    yTitle: "ranking accuracy, %",
    scale: 100,
    rule: { at: 50, text: "chance" },
    figure: (cycle) => cycle.rankingAccuracy,
  });
  const train = await armChart(
    view,
    arms,
    `Train ${metric}, on the labelled items: a net that does not fit them chooses badly.`,
    {
      yTitle: `train ${metric}, %`,
      scale: 100,
      figure: (cycle) => cycle.trainMetric,
    },
  );
  const ensembles = arms.filter(({ seeds }) =>
    seeds.some(({ cycles }) => cycles.some((cycle) => ensembleOf(cycle) !== null)),
  );
  const together = await armChart(
    view,
    ensembles,
    `Test ${metric} of the mean of an ensemble's members; the learning curves are those of the first member.`,
    { yTitle: `${metric}, %`, scale: 100, figure: ensembleOf },
  );
  const time = await armChart(view, arms, "Seconds per cycle, training and scoring.", {
    yTitle: "seconds",
    scale: 1,
    fromZero: true,
    figure: (cycle) => cycle.trainSeconds + cycle.scoreSeconds,
  });
  return html`<section><h2>Along the way</h2><div class="charts">${ranking}${train}${together}${time}</div></section>`;
}

function ensembleOf({ ensembleMetric }: CycleRecord): number | null {
  return ensembleMetric ?? null;
}

type ChartOptions = Omit<LineChart, "series"> & { readonly figure: (cycle: CycleRecord) => number | null };

/** A figure per cycle of several arms; nothing where no arm has it. */
async function armChart(
  view: ExperimentView,
  arms: readonly ArmResult[],
  caption: string,
  { figure, ...options }: ChartOptions,
): Promise<Markup | null> {
  if (arms.length === 0) return null;
  const series = arms.map((arm) => ({
    arm: arm.name,
    look: lookOf(view, arm.name),
    curve: estimateCurve(arm, figure),
  }));
  const svg = await lineChart({ ...options, series });
  const names = arms.map((arm) => arm.name);
  return html`<figure><figcaption>${caption}</figcaption>${legend(view, names)}
<div class="chart scroll" role="img" tabindex="0" aria-label="${caption} Arms: ${names.join(", ")}.">${trusted(svg)}</div></figure>`;
}

const cloudsPerArm = 6;

/** Predicted against true loss per arm that has a module, over its cycles (evenly chosen where there are many). */
export async function lossSection(view: ExperimentView): Promise<Markup | null> {
  const arms = startedArms(view).filter((arm) => firstSeed(arm).some((cycle) => cycle.lossSample.length > 0));
  if (arms.length === 0) return null;
  const rows = await Promise.all(arms.map((arm) => armClouds(view, arm)));
  return html`<section><h2>Predicted and true loss</h2>
<p class="note">One dot per held-out item, first seed of each arm. The predicted loss has no unit: only its order counts. The true loss is drawn by its root.</p>
${rows}</section>`;
}

async function armClouds(view: ExperimentView, arm: ArmResult): Promise<Markup> {
  const cycles = evenly(
    firstSeed(arm).filter((cycle) => cycle.lossSample.length > 0),
    cloudsPerArm,
  );
  const clouds = await Promise.all(cycles.map((cycle) => cloud(view, arm, cycle)));
  return html`<h3>${armName(view, arm.name)}, seed ${arm.seeds[0]!.seed}</h3><div class="clouds">${clouds}</div>`;
}

async function cloud(view: ExperimentView, arm: ArmResult, cycle: CycleRecord): Promise<Markup> {
  const caption: Content[] = [
    `${labels(cycle.labels)} labels`,
    cycle.rankingAccuracy !== null && `; ranking ${percent(cycle.rankingAccuracy)} %`,
    cycle.rankCorrelation !== null && `; rank correlation ${hundredths(cycle.rankCorrelation)}`,
  ];
  const svg = await lossCloud(cycle.lossSample, lookOf(view, arm.name));
  return html`<figure class="cloud"><div role="img" aria-label="Predicted against true loss, ${arm.name}, ${caption}">${trusted(svg)}</div>
<figcaption>${caption}</figcaption></figure>`;
}

function firstSeed(arm: ArmResult): readonly CycleRecord[] {
  return arm.seeds[0]?.cycles ?? [];
}

/** At most `count` of the values, evenly spread, the first and the last among them. */
function evenly<T>(values: readonly T[], count: number): readonly T[] {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, i) => values[Math.round((i * (values.length - 1)) / (count - 1))]!);
}
