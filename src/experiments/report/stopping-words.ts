// What the signs of stopping say, in a few words. They advise: nothing in a run depends on them, and an arm whose interval is
// wide is called open rather than flat.
import type { SeedResult, StoppingSigns } from "../../records/results.ts";
import { settledFrom, stoppingSigns } from "../stopping.ts";
import { hundredths, labels, points } from "./figures.ts";

/** Whether the last labels raised the metric, as far as its interval over seeds tells. */
export function curveWord({ lastGain }: StoppingSigns): string {
  if (lastGain === null) return "one cycle";
  if (lastGain.low === null || lastGain.high === null) return "one seed";
  if (lastGain.low > 0) return "rising";
  return lastGain.high < 0 ? "falling" : "may be flat";
}

/** Whether successive models still change their mind about the held-out items. */
export function modelsWord({ agreement, agreementOverThree }: StoppingSigns): string {
  if (agreement === null) return "not known";
  return (agreementOverThree?.mean ?? 0) >= settledFrom ? "settled" : "changing";
}

/** What it comes to: `going on` while the curve rises, `stopping` when it does not and the models have settled. */
export function advice(signs: StoppingSigns): "going on" | "stopping" | "open" {
  const curve = curveWord(signs);
  if (curve === "rising") return "going on";
  const flat = curve === "may be flat" || curve === "falling";
  return flat && modelsWord(signs) === "settled" ? "stopping" : "open";
}

/** Points of metric per 100 labels of the last batch. */
export function gainPerHundred({ gainPerLabel }: StoppingSigns): string | null {
  return gainPerLabel === null ? null : signed(100 * 100 * gainPerLabel);
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return Number(text) === 0 ? text : `${value < 0 ? "-" : "+"}${text}`;
}

/** The last cycle of one seed, for the line that tells of it: `+3.1 points for 80 labels, agreement 0.71, pool entropy 1.02`. */
export function cycleSigns(seed: SeedResult): string {
  const { lastGain, lastBatch, agreement, agreementOverThree } = stoppingSigns([seed]);
  const { poolEntropy } = seed.cycles.at(-1) ?? {};
  const settled = (agreementOverThree?.mean ?? 0) >= settledFrom;
  return [
    lastGain !== null && lastBatch !== null && `${points(lastGain.mean)} points for ${labels(lastBatch)} labels`,
    agreement !== null && `agreement ${hundredths(agreement.mean)}${settled ? " (settled)" : ""}`,
    poolEntropy !== undefined && `pool entropy ${hundredths(poolEntropy.mean)}`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}
