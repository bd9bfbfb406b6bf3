// Long work on the main thread: it counts what it does and lets the event loop go on every now and then, an abort among
// what comes in. Choosing stays responsive without a thread of its own.
import { setImmediate } from "node:timers/promises";
import { stopIfAborted } from "../../core/errors.ts";

/** Multiplications between two pauses for the event loop: some ten milliseconds of work. */
const workPerPause = 2e7;

export interface Pace {
  /** Counts so many multiplications; true when a pause is due: `if (pace.did(n)) await pace.pause()`. */
  did(multiplications: number): boolean;
  /** True when a pause is due. */
  isDue(): boolean;
  /** Lets the event loop go on. Throws an `InterruptedError` when the work was aborted. */
  pause(): Promise<void>;
}

/** `name` is what is being done, for the message of an abort: a strategy's name. */
export function startPace(name: string, signal?: AbortSignal): Pace {
  let work = 0;
  return {
    did(multiplications) {
      work += multiplications;
      return work >= workPerPause;
    },
    isDue: () => work >= workPerPause,
    async pause() {
      work = 0;
      await setImmediate();
      stopIfAborted(signal, `while choosing by ${name}`);
    },
  };
}
