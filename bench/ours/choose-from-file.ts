// Our contender for choosing from files that need not fit into memory: the whole of `foreloss select` but for its output, by the
// clock. Chosen are scores, or rows where there are none. Of a choice in parts it also says how much larger its covering radius is than that of a choice in one go, on a sample of
// the pool that is cut into as many parts.
import { join } from "node:path";
import { inputsOf } from "../../src/cli/select/choice.ts";
import { choose } from "../../src/cli/select/choose.ts";
import type { Partition } from "../../src/cli/select/partition.ts";
import { rowsAt } from "../../src/cli/select/signal-files.ts";
import { createRandom } from "../../src/core/random.ts";
import type { Matrix } from "../../src/core/signals.ts";
import { nativeSupport } from "../../src/engine/backends/native/index.ts";
import { coreSetInParts, strategyNamed } from "../../src/strategies/index.ts";
import { nearestSquared } from "../../src/strategies/kernels/nearest.ts";
import { startPace } from "../../src/strategies/kernels/pace.ts";
import { rowsOf, stacked } from "../../src/strategies/signals/part.ts";
import { readOptions } from "./options.ts";
import { printReport, timeCalls } from "./report.ts";

const texts = ["inputs", "strategy", "signal", "file"] as const;
const options = readOptions(texts, ["count", "memory", "sample", "seconds", "threads"]);
const { inputs, signal, file, count, memory, sample, seconds } = options;
const pool = { path: join(inputs, file), part: null };

const choice = {
  ...{ strategy: strategyNamed(options.strategy), seed: 0, count, wholeGroups: false, budget: null, nearest: false },
  ...{ memoryBytes: memory > 0 ? memory : null, partition: null, inputs: inputsOf({ [signal]: pool.path }) },
};
const call = () => choose(choice, { abort: new AbortController().signal });

/** Covering radius in parts as a multiple of that in one go. */
async function radiusRatio({ parts }: Partition): Promise<number> {
  const points = await rowsAt(
    pool,
    Array.from({ length: sample }, (_, row) => row),
  );
  const inParts = await coveringRadius(points, cut(points, parts));
  return inParts / (await coveringRadius(points, [points]));
}

function cut({ rows, columns, values }: Matrix, parts: number): Matrix[] {
  const most = Math.ceil(rows / parts);
  return Array.from({ length: Math.ceil(rows / most) }, (_, at) => {
    const part = values.subarray(at * most * columns, (at + 1) * most * columns);
    return { rows: part.length / columns, columns, values: part };
  });
}

async function coveringRadius(points: Matrix, parts: readonly Matrix[]): Promise<number> {
  const none = { rows: 0, columns: points.columns, values: new Float32Array() };
  const centres = rowsOf(points, await coreSetInParts(parts, none, count, createRandom(0)));
  const squared = await nearestSquared(points, stacked(none, centres), startPace("covering radius"));
  return Math.sqrt(squared.reduce((most, distance) => Math.max(most, distance), 0));
}

const { picks, partition } = await call();
const taken = await timeCalls(call, seconds, 1);
const figures =
  partition === null
    ? {}
    : {
        parts: partition.parts,
        [`covering radius in parts / in one go, of ${sample} items`]: await radiusRatio(partition),
      };
const chosen = picks.map(({ item, signals }) => Object.values(signals)[0] ?? Number(item));
const support = nativeSupport();
const engine = support.available ? `compiled loops, ${support.version}` : "portable loops";
printReport({ result: { chosen }, figures, seconds: taken, engine });
