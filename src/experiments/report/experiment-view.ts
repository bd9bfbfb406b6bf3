// What every section of the page gets: the results of one experiment, how its arms look, and small pieces of markup they
// all use.
import type { Drawing } from "../../core/drawing.ts";
import type { ArmResult, Results } from "../../records/results.ts";
import type { ArmLook } from "./arm-looks.ts";
import { type Content, html, type Markup } from "./markup.ts";

export interface ExperimentView {
  readonly results: Results;
  readonly looks: ReadonlyMap<string, ArmLook>;
  /** The picture of an item as a data URI; null where there is none. */
  readonly picture: (item: string) => Promise<string | null>;
  /** What is known to be in an item, to be drawn over its picture. */
  readonly known: (item: string) => Drawing | null;
  /** Share of each mode in the pool, where the data set knows modes. */
  readonly poolModes: Readonly<Record<string, number>> | undefined;
}

export function lookOf(view: ExperimentView, arm: string): ArmLook {
  const look = view.looks.get(arm);
  if (look === undefined) throw new RangeError(`no look for arm ${arm}`);
  return look;
}

/** The arm's name with a piece of its line in front. */
export function armName(view: ExperimentView, arm: string): Markup {
  const { variable, dash, marker } = lookOf(view, arm);
  return html`<span class="arm"><svg viewBox="-14 -6 28 12" aria-hidden="true"><path d="M-14,0H14" stroke="var(${variable})" stroke-width="2" stroke-dasharray="${dash[1] === 0 ? "none" : dash.join(" ")}"/><path d="${marker}" transform="scale(4.5)" fill="var(${variable})"/></svg>${arm}</span>`;
}

export function legend(view: ExperimentView, arms: readonly string[]): Markup {
  return html`<ul class="legend">${arms.map((arm) => html`<li>${armName(view, arm)}</li>`)}</ul>`;
}

/** A table that scrolls sideways by itself where the page is narrow; the first cell of every row is its heading. */
export function table(caption: Content, header: readonly Content[], rows: readonly (readonly Content[])[]): Markup {
  const row = ([first, ...cells]: readonly Content[]) =>
    html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return html`<div class="scroll" tabindex="0"><table><caption><span>${caption}</span></caption>
<thead><tr>${header.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>`;
}

/** Arms with at least one finished cycle, in the order of the recipe. */
export function startedArms(view: ExperimentView): readonly ArmResult[] {
  const started = new Set(view.results.comparison.arms.map((arm) => arm.arm));
  return view.results.arms.filter((arm) => started.has(arm.name));
}
