// What is measured to see how choosing grows: sizes along three axes, one of which changes while the others stand still.
import { z } from "zod";

export const axes = ["items", "dimensions", "picks"] as const;
export type Axis = (typeof axes)[number];

export type Sizes = Readonly<Record<Axis, number>>;

export const growthSchema = z.array(
  z.object({
    along: z.enum(axes),
    strategy: z.string(),
    items: z.number().positive(),
    dimensions: z.number().positive(),
    picks: z.number().positive(),
    /** Median of the timed calls. */
    seconds: z.number().positive(),
    peakMemoryBytes: z.number().positive(),
  }),
);

export type Growth = z.output<typeof growthSchema>;

const standing: Sizes = { items: 100_000, dimensions: 128, picks: 100 };

const steps: Readonly<Record<Axis, readonly number[]>> = {
  items: [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
  dimensions: [8, 32, 128, 512, 2048],
  picks: [10, 30, 100, 300, 1_000, 3_000, 10_000],
};

/** Sizes along an axis, none above `most`. */
export function pointsAlong(axis: Axis, most: Sizes): Sizes[] {
  const others = Object.fromEntries(axes.map((name) => [name, Math.min(standing[name], most[name])])) as Sizes;
  const largest = axis === "picks" ? Math.min(most.picks, others.items) : most[axis];
  return steps[axis].filter((step) => step <= largest).map((step) => ({ ...others, [axis]: step }));
}

/** The power of the size with which time grows: the slope of the line through the logarithms. NaN for fewer than two sizes. */
export function exponent(points: readonly { readonly size: number; readonly seconds: number }[]): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ seconds }) => Math.log(seconds));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const shared = x.reduce((sum, value, i) => sum + (value - middleX) * (y[i]! - middleY), 0);
  return shared / x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
}
