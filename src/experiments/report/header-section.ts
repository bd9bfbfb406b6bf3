// The top of an experiment: what it was, where and how it was made, and what came of it in plain sentences.

import { counted } from "../../core/counted.ts";
import type { Results } from "../../records/results.ts";
import { armName, type ExperimentView } from "./experiment-view.ts";
import { type Content, html, type Markup } from "./markup.ts";
import { summarise } from "./summary.ts";

export function headerSection({ results }: ExperimentView): Markup {
  const facts = factsOf(results).map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`);
  return html`<header><h1>${results.name}</h1>
<p class="soft">${descriptionOf(results.provenance.recipe)}</p>
<dl class="facts">${facts}</dl></header>`;
}

function factsOf(results: Results): readonly (readonly [string, Content])[] {
  const { dataset, engine, provenance } = results;
  const seeds = [...new Set(results.arms.flatMap((arm) => arm.seeds.map((seed) => seed.seed)))].sort((a, b) => a - b);
  return [
    ["task", results.task],
    [
      "data",
      `${dataset.name}: ${dataset.classes.length} classes, ${dataset.train} to choose from, ${dataset.test} held out`,
    ],
    ["data digest", html`<code>${dataset.digest}</code>`],
    ["engine", `${engine.name} ${engine.version}, ${counted(engine.threads, "thread")}`],
    ["seeds", seeds.join(", ")],
    ["command", html`<code>${provenance.command}</code>`],
    ["machine", provenance.machine],
    [
      "made",
      `${minute(provenance.started)} to ${provenance.finished === null ? "(not finished)" : minute(provenance.finished)}`,
    ],
    ["with", `foreloss ${provenance.foreloss}`],
  ];
}

/** `2026-11-20T10:00:00.000Z` as `2026-11-20 10:00 UTC`; other texts as they are. */
function minute(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC");
}

function descriptionOf(recipe: unknown): string | null {
  if (typeof recipe !== "object" || recipe === null || !("description" in recipe)) return null;
  return typeof recipe.description === "string" ? recipe.description : null;
}

export function summarySection(view: ExperimentView): Markup {
  const { headline, arms, caveats } = summarise(view.results);
  return html`<section class="summary" aria-label="Summary"><p class="headline">${headline}</p>
<ul>${arms.map((arm) => html`<li>${armName(view, arm.arm)} ${arm.text}</li>`)}</ul>
${caveats.map((text) => html`<p class="note">${text}</p>`)}</section>`;
}
