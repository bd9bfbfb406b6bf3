// Pieces of work of a run, some of which wait for another: up to `jobs` at a time, in the order given.
import { ForelossError, InterruptedError } from "../../core/errors.ts";

export interface Task {
  /** For people: `random, seed 3`. */
  readonly name: string;
  /** Has to be done before; must stand earlier in the list. */
  readonly after?: Task | undefined;
  run(signal: AbortSignal): Promise<void>;
}

/** A task that failed by itself, not because another did. */
export interface Failure {
  readonly task: Task;
  readonly error: ForelossError;
}

/**
 * Carries out all tasks. One that fails with a `ForelossError` takes along those that wait for it, and the others go on;
 * the failures are given in the order of the tasks. Any other error, and an abort, stop everything: tasks in progress are
 * told by their signal, and when all have ended the error (an `InterruptedError` after an abort) is thrown.
 */
export async function runTasks(tasks: readonly Task[], jobs: number, signal?: AbortSignal): Promise<Failure[]> {
  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const waiting = new Set(tasks);
  const running = new Map<Task, Promise<void>>();
  const failed = new Map<Task, ForelossError>();
  const lost = new Set<Task>(); // those that failed and those that waited for them
  let fatal: { readonly error: unknown } | undefined;

  const ready = () => [...waiting].find((task) => !task.after || !(waiting.has(task.after) || running.has(task.after)));
  const carryOut = async (task: Task) => {
    try {
      await task.run(stopped);
    } catch (error) {
      lost.add(task);
      if (error instanceof ForelossError && !(error instanceof InterruptedError)) failed.set(task, error);
      else if (!(stopped.aborted && error instanceof InterruptedError)) {
        fatal ??= { error };
        stop.abort();
      }
    } finally {
      running.delete(task);
    }
  };

  while (!stopped.aborted && (waiting.size > 0 || running.size > 0)) {
    const next = running.size < jobs ? ready() : undefined;
    if (next === undefined) await Promise.race(running.values());
    else {
      waiting.delete(next);
      if (next.after !== undefined && lost.has(next.after)) lost.add(next);
      else running.set(next, carryOut(next));
    }
  }
  await Promise.all(running.values());
  if (fatal !== undefined) throw fatal.error;
  if (signal?.aborted) throw new InterruptedError("stopped");
  return tasks.flatMap((task) => (failed.has(task) ? [{ task, error: failed.get(task)! }] : []));
}
