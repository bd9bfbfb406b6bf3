// What a run says while it works, in words.
import { counted } from "../core/counted.ts";
import type { Dataset } from "../datasets/index.ts";
import { cycleSigns } from "../experiments/report/stopping-words.ts";
import type { RunEvent } from "../experiments/run/events.ts";
import type { Chain } from "../experiments/run/portion.ts";
import type { Recipe } from "../records/recipe.ts";
import type { CycleRecord } from "../records/results.ts";
import { duration, type Progress } from "./progress.ts";

export interface Beginning {
  readonly recipe: Recipe;
  /** The arms and seeds to be carried out. */
  readonly chains: readonly Chain[];
  readonly dataset: Dataset<unknown>;
  readonly out: string;
}

/** What is about to be done, in one line. */
export function announcement({ recipe, chains, dataset, out }: Beginning): string {
  const { name, labelling } = recipe;
  const arms = counted(new Set(chains.map(({ arm }) => arm.name)).size, "arm");
  const seeds = counted(new Set(chains.map(({ seed }) => seed)).size, "seed");
  const { train, test } = dataset;
  const data = `${dataset.name} (${countedItems(train.ids.length, recipe)} to choose from, ${test.ids.length} held out)`;
  const work = `${arms}, ${seeds}, ${counted(labelling.cycles, "cycle")} on ${data}`;
  return `${name}: ${work}; into ${out}`;
}

/** What is labelled and chosen by itself: pictures, or the persons in them. */
export function countedItems(count: number, { task }: Pick<Recipe, "task">): string {
  return counted(count, task === "pose" ? "person" : "picture");
}

const mostSkippedLines = 10;

/** Lines about pictures that were left out. */
export function skippedNote(skipped: readonly string[]): string[] {
  if (skipped.length === 0) return [];
  const more = skipped.length - mostSkippedLines;
  const named = skipped.slice(0, mostSkippedLines).map((line) => `  ${line}`);
  return [`left out: ${counted(skipped.length, "file")}`, ...named, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** Passes an event on to a bar or to lines. */
export function tellEvent(event: RunEvent, progress: Progress): void {
  const { share, secondsLeft } = event.overall;
  const note = noteOf(event);
  if (note !== undefined) progress.note(note);
  progress.update(share, secondsLeft, doing(event));
}

function chain({ arm, seed }: RunEvent): string {
  return `${arm}, seed ${seed}`;
}

function doing(event: RunEvent): string {
  const at = `${chain(event)}, cycle ${event.cycle + 1} of ${event.cycles}`;
  if (event.kind === "fit" && event.total !== null)
    return `${at}: ${step(event.members, event.done ?? 0, event.total)}`;
  const items = event.total === null ? "" : `, item ${event.done} of ${event.total}`;
  if (event.kind === "draw") return `seed ${event.seed}: choosing the first items${items}`;
  return event.kind === "pick" ? `${at}: scoring the pool${items}` : at;
}

/** `step 3 of 10`, or `member 2 of 5, step 3 of 10`: `done` and `total` are those of all members. */
function step(members: number, done: number, total: number): string {
  const each = total / members;
  const before = Math.max(0, Math.ceil(done / each) - 1);
  const which = members === 1 ? "" : `member ${before + 1} of ${members}, `;
  return `${which}step ${done - before * each} of ${each}`;
}

function noteOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "resumed":
      return `${chain(event)}: ${counted(event.cycle, "cycle")} finished before`;
    case "failed":
      return `${chain(event)}: failed: ${event.problem ?? "unknown reason"}`;
    case "cycle":
      return `${chain(event)}, cycle ${event.cycle + 1} of ${event.cycles}: ${outcome(event)}`;
    default:
      return undefined;
  }
}

/** The figures of the cycle just finished, and what they say about stopping. */
function outcome({ records = [], seed }: RunEvent): string {
  const signs = cycleSigns({ seed, cycles: records });
  return [figures(records.at(-1)!), ...(signs === "" ? [] : [signs])].join("; ");
}

function figures(record: CycleRecord): string {
  const { labels, metric, ensembleMetric, trainMetric, rankingAccuracy, trainSeconds, scoreSeconds } = record;
  const together = ensembleMetric === undefined ? "" : `, ensemble ${percent(ensembleMetric)}`;
  const ranking = rankingAccuracy === null ? "" : `, ranking ${percent(rankingAccuracy)}`;
  const time = duration(trainSeconds + scoreSeconds);
  return `${labels} labels, test ${percent(metric)}${together}, train ${percent(trainMetric)}${ranking}, ${time}`;
}

/** `61.2 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
