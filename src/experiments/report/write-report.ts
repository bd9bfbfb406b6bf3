// The report: one HTML page that holds everything it shows, works from a file and loads nothing from anywhere.

import type { Drawing } from "../../core/drawing.ts";
import type { Results } from "../../records/results.ts";
import { writeFileAtomic } from "../../records/write-file-atomic.ts";
import { type ArmLook, armLooks } from "./arm-looks.ts";
import { alongTheWaySection, curveSection, lossSection } from "./chart-sections.ts";
import type { ExperimentView } from "./experiment-view.ts";
import { boughtSection, stoppingSection } from "./further-sections.ts";
import { headerSection, summarySection } from "./header-section.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { experimentKey, mergeResults } from "./merge-results.ts";
import { modeSection, pictureSection } from "./pick-sections.ts";
import { styles } from "./styles.ts";
import { tableSection } from "./table-sections.ts";

export interface ReportRun {
  readonly results: Results;
  /** The picture of an item, at least 48 px where it has them; null when it cannot be had any more. */
  readonly thumbnails: (item: string) => Promise<{ readonly mime: string; readonly bytes: Uint8Array } | null>;
  /** What is known to be in an item, to be drawn over its picture; null where nothing is drawn. */
  readonly drawings?: (item: string) => Drawing | null;
  /** Share of each mode in the pool, for data sets whose items have modes. */
  readonly poolModes?: Readonly<Record<string, number>>;
}

/**
 * Writes the report of one or more runs to `path`. Portions of one experiment become one; different experiments follow one
 * another. Throws a `ForelossError` as `mergeResults` does.
 */
export async function writeReport(runs: readonly ReportRun[], path: string): Promise<void> {
  await writeFileAtomic(path, await reportPage(runs));
}

/** The page as text. */
export async function reportPage(runs: readonly ReportRun[]): Promise<string> {
  const experiments = grouped(runs).map((group) => ({ group, results: mergeResults(group.map((run) => run.results)) }));
  const looks = armLooks(
    experiments.flatMap(({ results }) => results.arms.map((arm) => arm.name)),
    new Set(experiments.flatMap(({ results }) => results.comparison.baseline ?? [])),
  );
  const articles: Markup[] = [];
  for (const { group, results } of experiments) articles.push(await experiment(viewOf(group, results, looks)));
  const title = [...new Set(experiments.map(({ results }) => results.name))].join(", ");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title} - Foreloss report</title><style>${trusted(styles)}</style></head>
<body><main>${articles}</main></body></html>
`.text;
}

/** Runs of one experiment together, in the order they were first named. */
function grouped(runs: readonly ReportRun[]): ReportRun[][] {
  const groups = new Map<string, ReportRun[]>();
  for (const run of runs) {
    const key = experimentKey(run.results);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

function viewOf(group: readonly ReportRun[], results: Results, looks: ReadonlyMap<string, ArmLook>): ExperimentView {
  const pictures = new Map<string, Promise<string | null>>(); // arms often choose the same items
  const picture = (item: string) => {
    const known = pictures.get(item) ?? dataUri(group, item);
    pictures.set(item, known);
    return known;
  };
  const known = (item: string) => group.map((run) => run.drawings?.(item) ?? null).find((one) => one !== null) ?? null;
  return { results, looks, picture, known, poolModes: group.find((run) => run.poolModes !== undefined)?.poolModes };
}

async function dataUri(group: readonly ReportRun[], item: string): Promise<string | null> {
  for (const run of group) {
    const picture = await run.thumbnails(item);
    if (picture !== null) return `data:${picture.mime};base64,${Buffer.from(picture.bytes).toString("base64")}`;
  }
  return null;
}

async function experiment(view: ExperimentView): Promise<Markup> {
  const top = html`${headerSection(view)}${summarySection(view)}`;
  if (view.results.comparison.arms.length === 0) return html`<article class="experiment">${top}</article>`;
  return html`<article class="experiment">${top}
${await curveSection(view)}
${tableSection(view)}
${boughtSection(view)}
${stoppingSection(view)}
${await alongTheWaySection(view)}
${await lossSection(view)}
${modeSection(view)}
${await pictureSection(view)}
<section><h2>Recipe</h2><details><summary>The recipe as it was run</summary><pre tabindex="0">${JSON.stringify(view.results.provenance.recipe, null, 2)}</pre></details></section>
</article>`;
}
