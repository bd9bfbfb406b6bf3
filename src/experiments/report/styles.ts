// The page's style sheet: light and dark by the reader's setting, narrow and wide, screen and paper.
import { allLooks } from "./arm-looks.ts";

const lightArms = allLooks.map((look) => `${look.variable}: ${look.light};`).join(" ");
const darkArms = allLooks.map((look) => `${look.variable}: ${look.dark};`).join(" ");

export const styles = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f6f4; --ink: #1c1c1a; --ink-soft: #5c5c57; --line: #dcdcd6;
  --good: #00694c; --bad: #a33a00; --focus: #0072b2;
  ${lightArms}
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161615; --raised: #20201e; --ink: #ecece6; --ink-soft: #a9a9a2; --line: #3a3a37;
    --good: #4fd1a5; --bad: #ff9b66; --focus: #56b4e9;
    ${darkArms}
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.9rem, 3vw, 2.5rem) 4rem; max-width: 76rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 0.2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.6rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
h4 { font-size: 0.9rem; font-weight: 600; margin: 0.9rem 0 0.3rem; }
p { margin: 0.4rem 0; max-width: 46rem; }
a { color: var(--focus); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.soft, figcaption, .note { color: var(--ink-soft); font-size: 0.9rem; }
.experiment + .experiment { margin-top: 4rem; padding-top: 2rem; border-top: 3px solid var(--line); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.1rem 1rem; margin: 0.8rem 0; font-size: 0.9rem; }
.facts dt { color: var(--ink-soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.summary { background: var(--raised); border-left: 4px solid var(--ink-soft); padding: 0.8rem 1.1rem; margin: 1.2rem 0; }
.summary .headline { font-size: 1.15rem; font-weight: 600; margin-top: 0; }
.summary ul { margin: 0.5rem 0; padding-left: 1.2rem; max-width: 60rem; }
.summary li { margin: 0.3rem 0; }
.arm { white-space: nowrap; }
.arm svg { width: 2.1em; height: 0.9em; vertical-align: -0.05em; margin-right: 0.35em; overflow: visible; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; list-style: none; margin: 0.2rem 0 0.4rem; padding: 0; font-size: 0.9rem; }
.scroll { overflow-x: auto; }
.scroll + .scroll { margin-top: 1.3rem; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--ink-soft); padding-bottom: 0.3rem; }
caption span { display: block; position: sticky; left: 0; max-width: min(100%, calc(100vw - 2rem)); }
th, td { padding: 0.3rem 0.75rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; vertical-align: bottom; }
thead th { color: var(--ink-soft); }
th:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--paper); }
td small { color: var(--ink-soft); font-size: inherit; }
.better { color: var(--good); font-weight: 600; }
.worse { color: var(--bad); font-weight: 600; }
figure { margin: 0; }
.chart svg { display: block; width: 100%; height: auto; min-width: 19rem; }
.main-chart { max-width: 46rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1.6rem 2rem; }
.clouds { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; }
.cloud svg { display: block; }
.cloud figcaption { max-width: 232px; }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
details details { margin-left: 1rem; }
summary { cursor: pointer; padding: 0.5rem 0; }
summary:hover { color: var(--focus); }
.picks { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; margin: 0 0 0.8rem; padding: 0; }
.picks li { width: 3.4rem; font-size: 0.72rem; line-height: 1.25; text-align: center; color: var(--ink-soft); font-variant-numeric: tabular-nums; }
.picks img, .picks .missing { display: block; width: 48px; height: 48px; margin: 0 auto 0.1rem; object-fit: contain; background: var(--raised); image-rendering: pixelated; }
.picks .missing { border: 1px dashed var(--line); overflow: hidden; overflow-wrap: anywhere; text-align: left; font-size: 0.6rem; }
.picks .drawn { width: auto; }
.overlay { position: relative; display: block; }
.picks .overlay img { width: auto; height: 96px; margin: 0; image-rendering: auto; }
.overlay svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.overlay rect, .overlay path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.overlay circle { fill: currentColor; stroke: none; }
.known { stroke: #00a878; color: #00a878; }
.seen { stroke: #ff7a1a; color: #ff7a1a; stroke-dasharray: 4 2; }
.matrix { margin-top: 1.3rem; }
.matrix td { padding: 0.15rem 0.2rem; }
.rate { display: block; padding: 0.15rem 0.55rem; border-radius: 3px; }
.share { display: inline-block; width: 4em; margin-left: 0.5em; text-align: left; }
.share i { display: inline-block; height: 0.6em; background: var(--ink-soft); opacity: 0.6; }
pre { font-size: 0.82rem; overflow-x: auto; background: var(--raised); padding: 0.8rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; }
  .chart svg { min-width: 0; }
  figure, tr, .summary { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
`;
