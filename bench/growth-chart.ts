// The growth of choosing as a chart: time over items, dimensions and picks side by side, all of it in powers of ten.
import { armLooks } from "../src/experiments/report/arm-looks.ts";
import { chartFrame, drawChart } from "../src/experiments/report/draw-chart.ts";
import { type Axis, axes, exponent, type Growth } from "./growth-points.ts";

/** SVG text that stands alone. */
export async function growthChart(growth: Growth): Promise<string> {
  const drawn = axes.filter((axis) => growth.some(({ along }) => along === axis));
  return await drawChart({
    ...chartFrame(true),
    title: "Choosing: seconds of one choice, and the power with which they grow",
    hconcat: drawn.map((axis) => panel(axis, growth)),
  });
}

function panel(axis: Axis, growth: Growth) {
  const points = growth.filter(({ along }) => along === axis);
  const log = { type: "log", nice: false, padding: 10 } as const;
  const values = [...new Set(points.map((point) => point[axis]))];
  const x = {
    field: axis,
    type: "quantitative",
    scale: log,
    title: axis,
    axis: { format: "~s", grid: false, values },
  } as const;
  const y = { field: "seconds", type: "quantitative", scale: log, title: "seconds", axis: { format: "~g" } } as const;
  const looks = lookEncodings(growth);
  return {
    title: { text: standingStill(axis, points), subtitle: powers(axis, points), fontSize: 12 },
    ...{ width: 230, height: 220, data: { values: points } },
    layer: [
      { mark: { type: "line" as const, strokeWidth: 2 }, encoding: { x, y, color: looks.color } },
      {
        mark: { type: "point" as const, filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color: looks.color, shape: looks.shape },
      },
    ],
  };
}

function lookEncodings(growth: Growth) {
  const domain = [...new Set(growth.map(({ strategy }) => strategy))];
  const looks = [...armLooks(domain, new Set()).values()];
  const field = { field: "strategy", type: "nominal", legend: { title: null } } as const;
  return {
    color: { ...field, scale: { domain, range: looks.map(({ light }) => light) } },
    shape: { ...field, scale: { domain, range: looks.map(({ marker }) => marker) } },
  };
}

/** `128 dimensions, 100 picks`. */
function standingStill(axis: Axis, [point]: Growth): string {
  const others = axes.filter((other) => other !== axis);
  return others.map((other) => `${point![other].toLocaleString("en")} ${other}`).join(", ");
}

/** `core-set: items^1.02`, for each. */
export function powers(axis: Axis, points: Growth): string[] {
  return [...new Set(points.map(({ strategy }) => strategy))].map((name) => {
    const own = points.filter(({ strategy }) => strategy === name);
    const power = exponent(own.map((point) => ({ size: point[axis], seconds: point.seconds })));
    return Number.isFinite(power) ? `${name}: ${axis}^${power.toFixed(2)}` : `${name}: one size only`;
  });
}
