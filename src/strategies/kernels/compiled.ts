// Compiled loops, where the addon is built: on all cores and off the main thread, with the results of the portable ones bit for
// bit. The main thread waits in turns of some fifty milliseconds, so that an abort is heard.
import { availableParallelism } from "node:os";
import { type ChoosingAddon, load, type Share } from "../../native/addon.ts";

/** Multiplications of one call: some fifty milliseconds of work of one core. */
const workPerCall = 4e8;

export const threads = availableParallelism();

/** Multiplications for which it pays to wake other threads. */
const worthCalling = 4e6;

/** The compiled loops; undefined where there are none, and where a call has so little to do that it would not pay. */
export function compiled(multiplications = Infinity): ChoosingAddon | undefined {
  if (multiplications < worthCalling) return undefined;
  const loaded = load();
  return "addon" in loaded ? loaded.addon : undefined;
}

/** Calls `work` for all of `rows` rows, so many at a time as one call should take; `cost` is that of a row. */
export async function inShares(
  rows: number,
  cost: number,
  work: (share: Share) => Promise<void>,
  pause: () => Promise<void>,
): Promise<void> {
  const most = Math.max(1, Math.ceil(workPerCall / Math.max(1, cost)));
  for (let from = 0; from < rows; from += most) {
    await work({ from, to: Math.min(rows, from + most), threads });
    await pause();
  }
}
