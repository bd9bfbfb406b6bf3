// Boxes over a picture: an SVG whose unit is the picture's side lies on the image and stretches with it.
import type { DrawnBox } from "../../core/drawing.ts";
import type { Pick } from "../../records/results.ts";
import type { ExperimentView } from "./experiment-view.ts";
import { percent } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

/** What the colours of the boxes mean. */
export const overlayLegend = html`<p class="note">Boxes: <span class="known">labelled</span>, <span class="seen">seen by the model</span> before it had the label.</p>`;

/** Whether something is to be drawn over the picture of a pick, be it an empty drawing. */
export function isDrawn({ known }: ExperimentView, { item, seen }: Pick): boolean {
  return seen !== undefined || known(item) !== null;
}

/** The picture with the boxes that are known and those that the model saw. */
export function overlaid({ known, results }: ExperimentView, { item, seen }: Pick, picture: Markup): Markup {
  const { classes } = results.dataset;
  const boxes = [
    ...(known(item)?.boxes ?? []).map((box) => boxMarkup(box, "known", classes)),
    ...(seen?.boxes ?? []).map((box) => boxMarkup(box, "seen", classes)),
  ];
  return html`<span class="overlay">${picture}<svg viewBox="0 0 1 1" preserveAspectRatio="none">${boxes}</svg></span>`;
}

function boxMarkup(box: DrawnBox, kind: "known" | "seen", classes: readonly string[]): Markup {
  const { classIndex, score, left, top, right, bottom } = box;
  const certainty = score === undefined ? "" : `, ${percent(score, 0)} %`;
  const title = `${classes[classIndex] ?? `class ${classIndex}`}${certainty}`;
  return html`<rect class="${kind}" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"><title>${title}</title></rect>`;
}
