// What each arm asked for: the modes of its picks beside the pool's, and the pictures themselves.

import { counted } from "../../core/counted.ts";
import type { ArmResult, CycleRecord, Pick } from "../../records/results.ts";
import { armName, type ExperimentView, startedArms, table } from "./experiment-view.ts";
import { labels, percent } from "./figures.ts";
import { type Content, html, type Markup } from "./markup.ts";
import { isDrawn, overlaid, overlayLegend } from "./overlay.ts";

const picturesPerCycle = 24;
/** Sides of the pictures on the page; those with something drawn over them need more room. */
const plainSidePx = 48;
const drawnSidePx = 96;

/** Share of each mode among an arm's picks of all seeds and cycles; nothing where items have no mode. */
export function modeSection(view: ExperimentView): Markup | null {
  const arms = startedArms(view).flatMap((arm) => {
    const modes = arm.seeds.flatMap((seed) =>
      seed.cycles.flatMap((cycle) => cycle.picks.flatMap((pick) => pick.mode ?? [])),
    );
    return modes.length === 0 ? [] : [{ arm: arm.name, modes }];
  });
  if (arms.length === 0) return null;
  const pool = view.poolModes;
  const modes = [...new Set([...Object.keys(pool ?? {}), ...arms.flatMap((arm) => arm.modes)])];
  const rows = modes.map((mode) => [
    mode,
    pool !== undefined && shareCell(pool[mode] ?? 0, undefined),
    ...arms.map((arm) =>
      shareCell(arm.modes.filter((other) => other === mode).length / arm.modes.length, pool?.[mode]),
    ),
  ]);
  const header = ["mode", pool !== undefined && "pool", ...arms.map(({ arm }) => armName(view, arm))];
  const withoutPool = (cells: readonly Content[]) => cells.filter((cell) => cell !== false);
  return html`<section><h2>What the arms asked for</h2>
${table("Share of each mode among the picks, all seeds and cycles; in brackets times its share of the pool", withoutPool(header), rows.map(withoutPool))}</section>`;
}

function shareCell(share: number, inPool: number | undefined): Markup {
  const times = inPool === undefined || inPool === 0 ? null : html` <small>(${(share / inPool).toFixed(1)}×)</small>`;
  return html`${percent(share, 0)} %${times}<span class="share"><i style="width:${percent(share)}%"></i></span>`;
}

/** The pictures each arm chose in each cycle of its first seed, most wanted first, folded away. */
export async function pictureSection(view: ExperimentView): Promise<Markup | null> {
  const arms = startedArms(view).filter((arm) => arm.seeds[0]?.cycles.some((cycle) => cycle.picks.length > 0));
  if (arms.length === 0) return null;
  const picks = arms.flatMap((arm) => arm.seeds[0]!.cycles.flatMap((cycle) => cycle.picks));
  const folds = await Promise.all(arms.map((arm) => armPictures(view, arm)));
  return html`<section><h2>Pictures chosen</h2>
<p class="note">First seed of each arm, most wanted first. The number is what the strategy chose by, higher is asked for sooner; where it chose by something else, what the model said of the picture.</p>
${picks.some((pick) => isDrawn(view, pick)) && overlayLegend}${folds}</section>`;
}

async function armPictures(view: ExperimentView, arm: ArmResult): Promise<Markup> {
  const { seed, cycles } = arm.seeds[0]!;
  const chosen = cycles.filter((cycle) => cycle.picks.length > 0);
  const parts = await Promise.all(chosen.map((cycle) => cyclePictures(view, cycle)));
  return html`<details><summary>${armName(view, arm.name)}, seed ${seed}: ${counted(chosen.length, "cycle")}</summary>${parts}</details>`;
}

async function cyclePictures(view: ExperimentView, cycle: CycleRecord): Promise<Markup> {
  const shown = cycle.picks.slice(0, picturesPerCycle);
  const signals = Object.keys(shown[0]?.signals ?? {});
  const items = await Promise.all(shown.map((pick) => pictureOf(view, pick)));
  const number = signals[0] === undefined ? "" : `; number: ${inWords(signals[0])}`;
  return html`<h4>After cycle ${cycle.cycle + 1} (${labels(cycle.labels)} labels): ${shown.length} of ${counted(cycle.picks.length, "pick")}${number}</h4>
<ul class="picks">${items}</ul>`;
}

async function pictureOf(view: ExperimentView, pick: Pick): Promise<Markup> {
  const source = await view.picture(pick.item);
  const details = [
    pick.item,
    pick.mode,
    ...Object.entries(pick.signals).map(([name, value]) => `${inWords(name)} ${value.toPrecision(4)}`),
  ];
  const title = details.filter((text) => text !== undefined).join(", ");
  const drawn = isDrawn(view, pick);
  const sidePx = drawn ? drawnSidePx : plainSidePx;
  const picture =
    source === null
      ? html`<span class="missing">${pick.item}</span>`
      : html`<img src="${source}" alt="${pick.item}" width="${sidePx}" height="${sidePx}" loading="lazy" decoding="async">`;
  const shown = drawn ? overlaid(view, pick, picture) : picture;
  const value = Object.values(pick.signals)[0];
  return html`<li class="${drawn ? "drawn" : "plain"}" title="${title}">${shown}${value === undefined ? null : short(value)}</li>`;
}

/** At most three digits behind the point, so that it fits below a picture. */
function short(value: number): string {
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}

/** `predictedLoss` as `predicted loss`. */
function inWords(signal: string): string {
  return signal.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
