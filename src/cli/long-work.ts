// Work that takes a while: it shows how far it is and can be stopped. The first Ctrl-C asks it to stop at the next safe
// place, the second stops it at once; either way nothing that was finished is lost.
import { createTimeLeft } from "../experiments/run/time-left.ts";
import { createProgress, type Progress } from "./progress.ts";

/** Carries out `work` with a progress bar, and a signal that Ctrl-C (or a polite kill) aborts. */
export async function longWork<T>(work: (progress: Progress, signal: AbortSignal) => Promise<T>): Promise<T> {
  const progress = createProgress();
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(1);
    progress.note("stopping after this step; press Ctrl-C again to stop at once");
    controller.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    return await work(progress, controller.signal);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    progress.stop();
  }
}

/** Shows one piece of work that counts `done` of `total`, with the time left; `what` is what is counted, e.g. `step`. */
export function counting(progress: Progress, what: string): (done: number, total: number) => void {
  const timeLeft = createTimeLeft(new Map([[what, 1]]), [], () => performance.now() / 1000);
  return (done, total) => {
    const { share, secondsLeft } = timeLeft.reach(what, done / total);
    progress.update(share, secondsLeft, `${what} ${done} of ${total}`);
  };
}
