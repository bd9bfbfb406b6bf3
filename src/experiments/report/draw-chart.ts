// What all charts have in common: how they are drawn without a browser, and their ground, lines and text.
import { parse, View } from "vega";
import { type Config, compile, type TopLevelSpec } from "vega-lite";

/** Ground, room around and text of a chart. One that stands alone has fixed colours on white. */
export function chartFrame(standalone: boolean): Pick<TopLevelSpec, "background" | "padding"> & { config: Config } {
  const ink = standalone ? "#222222" : "var(--ink)";
  const soft = standalone ? "#555555" : "var(--ink-soft)";
  const line = standalone ? "#e3e3e3" : "var(--line)";
  const text = {
    labelColor: soft,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
  } as const;
  return {
    background: standalone ? "#ffffff" : "transparent",
    padding: standalone ? 12 : 4,
    config: {
      aria: false,
      font: "system-ui, -apple-system, Segoe UI, Roboto, sans-serif",
      view: { stroke: null },
      axis: { ...text, gridColor: line, domainColor: line, tickColor: line },
      legend: { ...text, labelLimit: 220 },
      title: { color: ink, fontSize: 14, anchor: "start" },
    },
  };
}

/** The chart as SVG text. */
export async function drawChart(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
