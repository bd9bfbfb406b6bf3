// Boxes or a person's joints over a picture: an SVG whose unit is the picture's side lies on the image and stretches with it.
import type { Drawing, DrawnBox, DrawnPerson } from "../../core/drawing.ts";
import type { Pick } from "../../records/results.ts";
import type { ExperimentView } from "./experiment-view.ts";
import { percent } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

/** What the colours of the drawings mean. */
export const overlayLegend = html`<p class="note">Drawn: <span class="known">labelled</span>, <span class="seen">seen by the model</span> before it had the label.</p>`;

/** Whether something is to be drawn over the picture of a pick, be it an empty drawing. */
export function isDrawn({ known }: ExperimentView, { item, seen }: Pick): boolean {
  return seen !== undefined || known(item) !== null;
}

/** The picture with what is known to be in it and what the model saw. */
export function overlaid({ known, results }: ExperimentView, { item, seen }: Pick, picture: Markup): Markup {
  const { classes } = results.dataset;
  const drawings = [drawingMarkup(known(item), "known", classes), drawingMarkup(seen, "seen", classes)];
  return html`<span class="overlay">${picture}<svg viewBox="0 0 1 1" preserveAspectRatio="none">${drawings}</svg></span>`;
}

function drawingMarkup(
  drawing: Drawing | null | undefined,
  kind: "known" | "seen",
  classes: readonly string[],
): Markup {
  const boxes = drawing?.boxes.map((box) => boxMarkup(box, kind, classes));
  return html`${boxes}${drawing?.person && personMarkup(drawing.person, kind)}`;
}

/** Bones as one path; every joint a circle that tells its name and how sure the model is. */
function personMarkup({ joints, bones }: DrawnPerson, kind: "known" | "seen"): Markup {
  const place = (joint: number) => `${joints[joint]?.x},${joints[joint]?.y}`;
  const lines = bones.map(([from, to]) => `M${place(from)}L${place(to)}`).join("");
  const circles = joints.map(({ name, x, y, score }) => {
    const title = `${name.replaceAll("_", " ")}${score === undefined ? "" : `, ${percent(score, 0)} %`}`;
    return html`<circle cx="${x}" cy="${y}" r="0.02"><title>${title}</title></circle>`;
  });
  return html`<g class="${kind}"><path d="${lines}"/>${circles}</g>`;
}

function boxMarkup(box: DrawnBox, kind: "known" | "seen", classes: readonly string[]): Markup {
  const { classIndex, score, left, top, right, bottom } = box;
  const certainty = score === undefined ? "" : `, ${percent(score, 0)} %`;
  const title = `${classes[classIndex] ?? `class ${classIndex}`}${certainty}`;
  return html`<rect class="${kind}" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"><title>${title}</title></rect>`;
}
