// Signals of items from what the model gave for them, gathered part by part: each only when it is wanted.
import { ForelossError } from "../core/errors.ts";
import { isKnown } from "../core/labels.ts";
import type { Matrix, MemberMatrix, ScalarSignal, Signal, Signals } from "../core/signals.ts";
import type { Tensor } from "../engine/index.ts";
import { lastLayerFactors } from "../strategies/signals/derive.ts";
import type { InferredOutputs, Task } from "../tasks/task.ts";
import { type InferredPart, joinNumbers, joinRows } from "./evaluation.ts";

export interface Wanted {
  readonly task: Task<unknown>;
  readonly signals: readonly Signal[];
  /** Label of each item in order, for `trueLoss`. */
  readonly labels: readonly unknown[];
}

/** A part and what several signals read of it, worked out when it is first asked for. */
interface Reading {
  readonly task: Task<unknown>;
  readonly part: InferredPart;
  readonly labels: readonly unknown[];
  readonly uncertainty: () => ReturnType<Task<unknown>["uncertainty"]>;
  readonly probabilities: () => (outputs: InferredOutputs) => Matrix;
}

/** Gathers a signal. */
interface Collector<S extends Signal> {
  take(reading: Reading): void | Promise<void>;
  joined(): NonNullable<Signals[S]>;
}

/** The wanted signals of all items of the parts, in order. */
export async function collectSignals(parts: AsyncIterable<InferredPart>, wanted: Wanted): Promise<Signals> {
  const { task, signals, labels } = wanted;
  const collectors = signals.map((signal) => [signal, collectorOf(signal, task)] as const);
  let start = 0;
  for await (const part of parts) {
    const own = labels.slice(start, start + part.count);
    const uncertainty = once(() => task.uncertainty(part));
    const probabilities = once(() => task.probabilities(part));
    for (const [, collector] of collectors) {
      await collector.take({ task, part, labels: own, uncertainty, probabilities });
    }
    start += part.count;
  }
  return Object.fromEntries(collectors.map(([signal, collector]) => [signal, collector.joined()])) as Signals;
}

/** Does `make` when it is first asked. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function collectorOf(signal: Signal, task: Task<unknown>): Collector<Signal> {
  switch (signal) {
    case "embedding":
      return embeddings();
    case "probabilities":
      return rows(probabilitiesOf);
    case "memberProbabilities":
      return members();
    case "gradientFactors":
      return factors(task);
    default:
      return numbers((reading) => scalarSignal(signal, reading));
  }
}

function numbers(read: (reading: Reading) => Float32Array): Collector<ScalarSignal> {
  const parts: Float32Array[] = [];
  return { take: (reading) => void parts.push(read(reading)), joined: () => joinNumbers(parts) };
}

function rows<S extends "embedding" | "probabilities">(read: (reading: Reading) => Matrix): Collector<S> {
  const parts: Matrix[] = [];
  return { take: (reading) => void parts.push(read(reading)), joined: () => joinRows(parts) };
}

function embeddings(): Collector<"embedding"> {
  return rows(({ part }) => matrixOf(part.outputs.embedding!));
}

function probabilitiesOf({ part, probabilities }: Reading): Matrix {
  return probabilities()(part);
}

/** Each member's probabilities of the same items. All of them read what the first found in an item. */
export async function compareMembers(
  members: readonly AsyncIterable<InferredPart>[],
  task: Task<unknown>,
): Promise<MemberMatrix> {
  const readers: ((outputs: InferredOutputs) => Matrix)[] = [];
  const each: Matrix[] = [];
  for (const parts of members) {
    const own: Matrix[] = [];
    for await (const part of parts) {
      readers[own.length] ??= task.probabilities(part);
      own.push(readers[own.length]!(part));
    }
    each.push(joinRows(own));
  }
  return joinMembers(each);
}

function joinMembers(matrices: readonly Matrix[]): MemberMatrix {
  const { rows: count, columns } = matrices[0] ?? { rows: 0, columns: 1 };
  return { members: matrices.length, rows: count, columns, values: joinNumbers(matrices.map(({ values }) => values)) };
}

/** The passes of an item all read what the model found in it without dropout. */
function members(): Collector<"memberProbabilities"> {
  const each: Matrix[][] = [];
  return {
    async take({ part, probabilities }) {
      if (part.passes === undefined) {
        throw new ForelossError("signals: memberProbabilities needs several members, or a model with dropout", {
          hint: 'Set members in the arm, e.g. 5, or model.dropout in the recipe, e.g. { "share": 0.5, "passes": 10 }.',
        });
      }
      let member = 0;
      for await (const pass of part.passes()) {
        each[member] ??= [];
        each[member++]!.push(probabilities()(pass));
      }
    },
    joined: () => joinMembers(each.map(joinRows)),
  };
}

function factors({ scoreGradients }: Task<unknown>): Collector<"gradientFactors"> {
  const right = embeddings();
  const left = rows(scoreGradients === undefined ? probabilitiesOf : ({ part }) => scoreGradients(part));
  return {
    async take(reading) {
      await left.take(reading);
      await right.take(reading);
    },
    joined: () => {
      const [first, second] = [left.joined(), right.joined()];
      return scoreGradients === undefined ? lastLayerFactors(first, second) : { left: first, right: second };
    },
  };
}

function matrixOf({ shape, values }: Tensor): Matrix {
  return { rows: shape[0]!, columns: shape[1]!, values: values as Float32Array };
}

function scalarSignal(signal: ScalarSignal, { task, part, labels, uncertainty }: Reading): Float32Array {
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
