// Charts, drawn to SVG without a browser: lines over labels with their 95 % bands, and clouds of predicted against true
// loss. On the page colours are the style sheet's variables, so that one drawing serves light and dark; a chart that
// stands alone has fixed colours on white.
import type { TopLevelSpec } from "vega-lite";
import type { ArmComparison } from "../../records/results.ts";
import type { ArmLook } from "./arm-looks.ts";
import { chartFrame, drawChart } from "./draw-chart.ts";
import { cutBand, type DrawnPoint, verticalRange } from "./vertical-range.ts";

type Layers = Extract<TopLevelSpec, { layer: unknown }>["layer"];

const chartWidthPx = 460;

export interface LineSeries {
  readonly arm: string;
  readonly look: ArmLook;
  readonly curve: ArmComparison["curve"];
}

export interface LineChart {
  readonly series: readonly LineSeries[];
  readonly yTitle: string;
  /** Figures are multiplied by this before they are drawn: 100 for percent. */
  readonly scale: number;
  /** A level to be marked with a dashed line, in drawn units, e.g. chance. */
  readonly rule?: { readonly at: number; readonly text: string };
  readonly fromZero?: boolean;
  /** With its own legend and title on white ground, for use outside the page. */
  readonly standalone?: { readonly title: string };
}

/** The chart as SVG text. Charts of one page do not share ids. */
export async function lineChart(chart: LineChart): Promise<string> {
  const drawn = chart.series.map((series) => ({ arm: series.arm, points: drawnPoints(series, chart.scale) }));
  const rows = drawn.flatMap(({ arm, points }) => points.map((point) => ({ arm, ...point })));
  const counts = [...new Set(rows.map((row) => row.labels))].sort((a, b) => a - b);
  const x = {
    field: "labels",
    type: "quantitative",
    scale: { zero: false, nice: false, padding: 10 },
    title: "labels",
  } as const;
  const xAxis = { grid: false, labelFlush: false, ...(counts.length <= 12 ? { values: counts } : {}) };
  const marked = [...(chart.rule === undefined ? [] : [chart.rule.at]), ...(chart.fromZero ? [0] : [])];
  const domain = verticalRange(rows, marked, [0, chart.scale === 100 ? 100 : Infinity]);
  const bands = drawn.flatMap(({ arm, points }) => cutBand(points, domain).map((point) => ({ arm, ...point })));
  const colour = armEncodings(chart);
  return drawChart({
    ...chartFrame(chart.standalone !== undefined),
    ...(chart.standalone === undefined ? {} : { title: chart.standalone.title }),
    width: chartWidthPx,
    height: 240,
    data: { values: rows },
    layer: [
      {
        data: { values: bands },
        mark: { type: "area", opacity: 0.14 },
        encoding: {
          x: { ...x, axis: xAxis },
          y: { field: "low", type: "quantitative", title: chart.yTitle, scale: { domain, zero: false, nice: false } },
          y2: { field: "high" },
          color: colour.color,
        },
      },
      {
        mark: { type: "line", strokeWidth: 2 },
        encoding: { x, y: { field: "mean", type: "quantitative" }, color: colour.color, strokeDash: colour.strokeDash },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { x, y: { field: "mean", type: "quantitative" }, color: colour.color, shape: colour.shape },
      },
      ...ruleLayers(chart),
    ],
  });
}

function drawnPoints({ curve }: LineSeries, scale: number): DrawnPoint[] {
  return curve.map(({ labels, metric }) => ({
    labels,
    mean: scale * metric.mean,
    low: scale * (metric.low ?? metric.mean),
    high: scale * (metric.high ?? metric.mean),
  }));
}

/** One scale per look, all over the same arms, so that the legend shows colour, marker and dash together. */
function armEncodings({ series, standalone }: LineChart) {
  const domain = series.map(({ arm }) => arm);
  const legend =
    standalone === undefined ? null : { title: null, orient: "right" as const, symbolOpacity: 1, symbolStrokeWidth: 0 };
  const field = { field: "arm", type: "nominal", legend } as const;
  const colours = series.map(({ look }) => (standalone === undefined ? `var(${look.variable})` : look.light));
  return {
    color: { ...field, scale: { domain, range: colours } },
    strokeDash: { ...field, scale: { domain, range: series.map(({ look }) => [...look.dash]) } },
    shape: { ...field, scale: { domain, range: series.map(({ look }) => look.marker) } },
  };
}

function ruleLayers({ rule }: LineChart): Layers {
  if (rule === undefined) return [];
  const y = { datum: rule.at, type: "quantitative" } as const;
  const color = "var(--ink-soft)";
  const data = { values: [{}] }; // drawn once, not once per row of the chart's data
  return [
    { data, mark: { type: "rule", strokeDash: [2, 3], color }, encoding: { y } },
    {
      data,
      mark: { type: "text", text: rule.text, align: "right", baseline: "bottom", dy: -3, color },
      encoding: { y, x: { value: chartWidthPx - 4 } },
    },
  ];
}

/**
 * Predicted (x) against true loss (y) of test items as SVG text, small enough to stand beside others. The true loss is
 * drawn by its root: most items are easy and a few are very wrong.
 */
export async function lossCloud(sample: readonly (readonly [number, number])[], look: ArmLook): Promise<string> {
  // One line mark broken after every point, with round ends, draws all dots in a single path: a tenth of the bytes.
  const rows = sample.flatMap(([predicted, actual]) => [
    { predicted, actual },
    { predicted: null, actual: null },
  ]);
  return drawChart({
    ...chartFrame(false),
    width: 190,
    height: 150,
    data: { values: rows },
    mark: {
      type: "line",
      strokeCap: "round",
      strokeWidth: 3,
      opacity: 0.55,
      order: false,
      invalid: "break-paths-show-domains",
    },
    encoding: {
      x: {
        field: "predicted",
        type: "quantitative",
        title: "predicted",
        axis: { tickCount: 4 },
        scale: { zero: false },
      },
      y: {
        field: "actual",
        type: "quantitative",
        title: "true loss",
        axis: { tickCount: 4 },
        scale: { type: "sqrt", nice: false },
      },
      color: { value: `var(${look.variable})` },
    },
  });
}
