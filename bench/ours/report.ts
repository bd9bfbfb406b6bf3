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

export function printReport(report: Omit<Report, "peakMemoryBytes">): void {
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ ...report, peakMemoryBytes } satisfies Report));
}
