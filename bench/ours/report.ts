// The clock and the report of our contenders.
import type { Report } from "../row.ts";

/** Times calls until `seconds` have gone by, `fewest` at least. */
export async function timeCalls(call: () => Promise<unknown>, seconds: number, fewest = 3): Promise<number[]> {
  const taken: number[] = [];
  const start = performance.now();
  while (taken.length < fewest || performance.now() - start < seconds * 1000) {
    const before = performance.now();
    await call();
    taken.push((performance.now() - before) / 1000);
  }
  return taken;
}

const mostSamples = 10_000;

/** At most some 10,000 of many numbers, evenly spread. */
export function sampled(values: ArrayLike<number>): number[] {
  const every = Math.max(1, Math.floor(values.length / mostSamples));
  return Array.from({ length: Math.ceil(values.length / every) }, (_, i) => values[i * every]!);
}

export function printReport(report: Omit<Report, "peakMemoryBytes">): void {
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ ...report, peakMemoryBytes } satisfies Report));
}
