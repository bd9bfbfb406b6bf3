// A learner whose work is done in a worker thread; this side only sends and waits.
import { Worker } from "node:worker_threads";
import type { Drawing } from "../core/drawing.ts";
import type { Signals } from "../core/signals.ts";
import type { FitReport, Learner } from "../loop/learner.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import { type Caller, callerOf } from "./rpc.ts";
import type { WorkerPurpose } from "./worker.ts";

export interface OpenWorker extends Caller {
  /** Ends the thread. */
  close(): Promise<void>;
}

/** Starts a worker and waits until it is ready. Throws what went wrong in it. */
export async function openWorker(purpose: WorkerPurpose): Promise<OpenWorker> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: purpose });
  const caller = callerOf(worker);
  const close = async () => {
    worker.removeAllListeners("exit");
    await worker.terminate();
  };
  try {
    await caller.call("ready", []);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...caller, close };
}

/** A learner on the data set, model and training of `spec`; its labels are those of that data set. */
export async function createLearner(spec: LearnerSpec): Promise<Learner> {
  const worker = await openWorker({ kind: "learner", spec });
  return {
    fit: (labelled, { cycle, onProgress, signal }) =>
      worker.call<FitReport>("fit", [labelled, cycle], { onProgress, signal }),
    infer: (items, signals, options) => worker.call<Signals>("infer", [items, signals], options),
    draw: (items, options) => worker.call<readonly Drawing[]>("draw", [items], options),
    decided: () => worker.call<readonly number[] | null>("decided", []),
    save: (path) => worker.call("save", [path]),
    restore: (path) => worker.call("restore", [path]),
    close: async () => {
      await worker.call("close", []);
      await worker.close();
    },
  };
}
