// Scores pictures with a checkpoint alone: no run, no data set, a folder of files.

import { createRandom } from "../core/random.ts";
import type { Matrix } from "../core/signals.ts";
import { openUnlabelled } from "../datasets/index.ts";
import { trainingSchema } from "../records/recipe.ts";
import { predictedClass } from "../tasks/classification/probabilities.ts";
import { classificationTask, logitsOf } from "../tasks/classification/task.ts";
import { loadEntries, readCheckpoint } from "./checkpoint-file.ts";
import { type EngineSpec, openEngine } from "./engines.ts";
import { inferInParts } from "./evaluation.ts";
import { Net } from "./net.ts";
import { collectSignals } from "./signals.ts";

export interface ScorerSpec {
  /** A model.safetensors. */
  readonly checkpoint: string;
  readonly engine: EngineSpec;
}

/** One row per picture, in the order of `items`. */
export interface Scores {
  readonly items: readonly string[];
  /** Absent for a model without the loss prediction module. */
  readonly predictedLoss?: Float32Array;
  readonly entropy: Float32Array;
  readonly margin: Float32Array;
  readonly leastConfidence: Float32Array;
  readonly predictedClass: readonly string[];
  readonly embedding: Matrix;
  /** Pictures that could not be read, `path: reason`. */
  readonly skipped: readonly string[];
}

export interface Scorer {
  /** Scores all pictures below a folder. */
  score(folder: string, options?: ScoreOptions): Promise<Scores>;
}

export interface ScoreOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export async function openScorer(spec: ScorerSpec): Promise<Scorer> {
  const { record, entries } = await readCheckpoint(spec.checkpoint);
  const { model, classNames, normalisation, imageSize, lossPrediction, averaged } = record;
  const task = classificationTask({ classes: classNames.length, width: model.width, normalisation });
  const { lossPrediction: _, ...training } = trainingSchema.parse({
    steps: 1,
    averaging: averaged ? { decay: 0.5 } : null,
  });
  const backend = await openEngine(spec.engine.name, spec.engine);
  const net = await Net.open({ backend, task, imageSize, training: { ...training, lossPrediction } }, createRandom(0));
  await loadEntries(net.state, entries, spec.checkpoint);
  const hasModule = lossPrediction !== null;
  return {
    score: async (folder, { onProgress, signal } = {}) => {
      const split = await openUnlabelled(folder, { sidePx: imageSize.width, resize: record.resize });
      const positions = Uint32Array.from(split.ids, (__, position) => position);
      const inference = { executable: await net.inference(), batch: net.inferBatch, imageSize };
      const classes: string[] = [];
      async function* watched() {
        for await (const part of inferInParts(inference, split, positions)) {
          signal?.throwIfAborted();
          for (let row = 0; row < part.count; row++) classes.push(classNames[predictedClass(logitsOf(part), row)]!);
          onProgress?.(classes.length, positions.length);
          yield part;
        }
      }
      const wanted = ["entropy", "margin", "leastConfidence", "embedding"] as const;
      const signals = await collectSignals(watched(), {
        task,
        labels: [],
        signals: hasModule ? ["predictedLoss", ...wanted] : wanted,
      });
      const { entropy, margin, leastConfidence, embedding, predictedLoss } = signals;
      return {
        items: split.ids,
        ...(predictedLoss === undefined ? {} : { predictedLoss }),
        entropy: entropy!,
        margin: margin!,
        leastConfidence: leastConfidence!,
        predictedClass: classes,
        embedding: embedding!,
        skipped: split.skipped,
      };
    },
  };
}
