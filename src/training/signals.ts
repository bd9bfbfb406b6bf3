// Signals of items from what the model gave for them.
import { ForelossError } from "../core/errors.ts";
import { isKnown } from "../core/labels.ts";
import type { Matrix, ScalarSignal, Signal, Signals } from "../core/signals.ts";
import type { Tensor } from "../engine/index.ts";
import type { Task } from "../tasks/task.ts";
import { type InferredPart, joinNumbers, joinRows } from "./evaluation.ts";

export interface Wanted {
  readonly task: Task<unknown>;
  readonly signals: readonly Signal[];
  /** Label of each item in order, for `trueLoss`. */
  readonly labels: readonly unknown[];
}

/** The wanted signals of all items of the parts, in order. */
export async function collectSignals(parts: AsyncIterable<InferredPart>, wanted: Wanted): Promise<Signals> {
  const scalars = new Map<ScalarSignal, Float32Array[]>();
  const embeddings: Tensor[] = [];
  let start = 0;
  for await (const part of parts) {
    const labels = wanted.labels.slice(start, start + part.count);
    const uncertainty = once(() => wanted.task.uncertainty(part));
    for (const signal of wanted.signals) {
      if (signal === "embedding") embeddings.push(part.outputs.embedding!);
      else
        scalars.set(signal, [
          ...(scalars.get(signal) ?? []),
          scalarSignal(wanted.task, signal, part, labels, uncertainty),
        ]);
    }
    start += part.count;
  }
  const joined: { [S in ScalarSignal]?: Float32Array } & { embedding?: Matrix } = {};
  for (const signal of wanted.signals) {
    if (signal !== "embedding") joined[signal] = joinNumbers(scalars.get(signal) ?? []);
    else joined.embedding = joinRows(embeddings, embeddings[0]?.shape[1] ?? 1);
  }
  return joined;
}

/** Does `make` when it is first asked. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function scalarSignal(
  task: Task<unknown>,
  signal: ScalarSignal,
  part: InferredPart,
  labels: readonly unknown[],
  uncertainty: () => Partial<Record<ScalarSignal, Float32Array>>,
): Float32Array {
  switch (signal) {
    case "predictedLoss": {
      const predicted = part.outputs.predictedLoss;
      if (predicted !== undefined) return predicted.values as Float32Array;
      throw new ForelossError("signals: predictedLoss needs a model trained with the loss prediction module", {
        hint: "Set lossPrediction on the arm (or in `foreloss train`).",
      });
    }
    case "trueLoss":
      if (labels.every(isKnown)) return task.lossOf(part, labels);
      throw new ForelossError("signals: trueLoss needs items whose labels are known; it is a control for benchmarks");
    default:
      return uncertainty()[signal]!;
  }
}
