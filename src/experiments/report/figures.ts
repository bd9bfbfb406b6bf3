// How numbers are written in tables and sentences, the same in the terminal and on the page. Metrics are shares in [0, 1]
// and shown in percent, differences of metrics in points (hundredths).
import { counted } from "../../core/counted.ts";
import type { ArmComparison, Estimate, LabelsShare, StoppingSigns } from "../../records/results.ts";

/** What stands where there is no figure. */
export const noFigure = "-";

export function percent(share: number, digits = 1): string {
  return (100 * share).toFixed(digits);
}

/** Hundredths with their sign; what rounds to zero has none. */
export function points(difference: number): string {
  const text = percent(Math.abs(difference));
  return Number(text) === 0 ? text : `${difference < 0 ? "-" : "+"}${text}`;
}

/** Kappas, correlations and entropies; what rounds to zero has no sign. */
export function hundredths(value: number): string {
  const text = value.toFixed(2);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** `1.94 to 1.02`: mean entropy of the pool when it was first and last chosen from. */
export function entropies({ first, last }: NonNullable<StoppingSigns["poolEntropy"]>): string {
  return `${hundredths(first.mean)} to ${hundredths(last.mean)}`;
}

export function seconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** `mean +- half width of the 95 % interval`, each number written by `write`; the mean alone where there is no interval. */
export function estimate(value: Estimate | null, write: (number: number) => string, plusMinus: string): string {
  if (value === null) return noFigure;
  if (value.high === null) return write(value.mean);
  return `${write(value.mean)} ${plusMinus} ${write(value.high - value.mean).replace("+", "")}`;
}

export function pValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return noFigure;
  return value < 0.001 ? "<0.001" : value.toFixed(value < 0.1 ? 3 : 2);
}

export function labels(count: number | null): string {
  return count === null ? "never" : Math.round(count).toLocaleString("en-US");
}

/** Labels needed over random's; `never` where the target is not reached. */
export function shareOfRandom({ share }: Pick<LabelsShare, "share">): string {
  return share === null ? "never" : share.toFixed(2);
}

/** `0.71 to 1.05`, or `0.71 to never`; null where one seed gives no interval, and where all there is to say is `never`. */
export function shareBounds({ share, low, high, neverReached }: LabelsShare): string | null {
  if (neverReached === null || (share === null && low === null)) return null;
  return `${shareOfRandom({ share: low })} to ${shareOfRandom({ share: high })}`;
}

/** Seeds behind the figures of all arms: `3 seeds`, or `2 to 3 seeds` where arms differ. */
export function seedCount(arms: readonly ArmComparison[]): string {
  const counts = arms.map((arm) => arm.area.count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? counted(most, "seed") : `${least} to ${most} seeds`;
}
