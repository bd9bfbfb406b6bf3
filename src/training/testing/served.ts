// For tests: a worker that serves a few methods, to be called from the other side.
import { parentPort } from "node:worker_threads";
import { ForelossError, InterruptedError, UsageError } from "../../core/errors.ts";
import { serve } from "../rpc.ts";

serve(parentPort!, {
  twice: async (_, values: Float32Array) => values.map((value) => 2 * value),
  later: (_, value: number, turns: number) => new Promise((resolve) => afterTurns(turns, () => resolve(value))),
  count: async ({ report }, total: number) => {
    for (let done = 1; done <= total; done++) report(done, total);
  },
  untilAborted: ({ signal }) =>
    new Promise((_, reject) => {
      const stop = () => reject(new InterruptedError("stopped in the worker"));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop);
    }),
  refuse: async (_, kind: "failed" | "misused" | "bug") => {
    if (kind === "failed") throw new ForelossError("labels.csv: no such class", { hint: "look at line 3" });
    if (kind === "misused") throw new UsageError("--count: too many");
    throw new TypeError("a bug");
  },
  die: async () => process.exit(3),
});

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(() => afterTurns(turns - 1, then));
}
