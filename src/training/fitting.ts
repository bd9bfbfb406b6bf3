// One training: steps in order, from the start or from where a killed one was, until the length is reached.
import { createHash } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ForelossError, InterruptedError, stopIfAborted } from "../core/errors.ts";
import type { LabelledItem } from "../core/item.ts";
import type { Feeds } from "../engine/index.ts";
import { drawMasks } from "../nn/dropout.ts";
import { learningRateAt } from "../nn/schedule.ts";
import type { CheckpointRecord } from "../records/checkpoint.ts";
import type { Task } from "../tasks/task.ts";
import { type Batch, type BatchPlan, batchAt } from "./batches.ts";
import { loadEntries, readCheckpoint, readEntries, writeCheckpoint } from "./checkpoint-file.ts";
import type { LearnerTraining } from "./learner-spec.ts";
import { stepsPerEpoch } from "./length.ts";
import type { Net } from "./net.ts";

export interface Fitting {
  readonly net: Net<unknown>;
  readonly task: Pick<Task<unknown>, "encodeTargets">;
  readonly training: LearnerTraining;
  readonly plan: BatchPlan;
  readonly cycle: number;
  /** Which of how many members of an ensemble, from 0. */
  readonly member: number;
  readonly members: number;
  readonly totalSteps: number;
  /** Record of a checkpoint at a step. */
  readonly recordAt: (step: number) => CheckpointRecord;
  /** Folder for the progress file, or null. */
  readonly workFolder: string | null;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often the progress of a training is written down. */
const progressEveryMs = 30_000;

/**
 * Carries the training out and leaves the trained weights in the net. Gives the seconds it took in this process. When it is
 * aborted it is taken up later where it stopped.
 */
export async function fit(fitting: Fitting): Promise<number> {
  const { net, plan, totalSteps, signal, onProgress } = fitting;
  const started = performance.now();
  const first = await takeUp(fitting);
  let written = performance.now();
  let next = batchAt(plan, first);
  for (let step = first; step < totalSteps; step++) {
    if (signal?.aborted && step > first) await writeProgress(fitting, step);
    stopIfAborted(signal, `in ${placeOf(fitting)} at step ${step} of ${totalSteps}`);
    const batch = await next;
    next = batchAt(plan, Math.min(step + 1, totalSteps - 1));
    const { loss } = await net.step(feedsOf(fitting, batch, step));
    checkFinite(fitting, step, loss!.values[0]!);
    onProgress?.(step + 1, totalSteps);
    if (performance.now() - written > progressEveryMs) {
      await writeProgress(fitting, step + 1);
      written = performance.now();
    }
    await setImmediate();
  }
  await next;
  return (performance.now() - started) / 1000;
}

/** Writes down that this training is over while others of the same cycle are not: taken up again, it is left at that. */
export async function noteTrained(fitting: Fitting): Promise<void> {
  await writeProgress(fitting, fitting.totalSteps);
}

/**
 * Does what follows on the trainings of a cycle. Only then their progress is dropped: after an abort in between they need not
 * be carried out again. Of several, each was noted when it was over; of one the net still holds the weights.
 */
export async function afterTrainings<T>(fittings: readonly Fitting[], next: () => Promise<T>): Promise<T> {
  try {
    const outcome = await next();
    for (const fitting of fittings) await dropProgress(fitting);
    return outcome;
  } catch (error) {
    if (error instanceof InterruptedError && fittings.length === 1) await noteTrained(fittings[0]!);
    throw error;
  }
}

/** `cycle 3`, or `cycle 3, member 2 of 5`. */
function placeOf({ cycle, member, members }: Pick<Fitting, "cycle" | "member" | "members">): string {
  return members === 1 ? `cycle ${cycle}` : `cycle ${cycle}, member ${member + 1} of ${members}`;
}

function feedsOf({ net, plan, task, training, totalSteps }: Fitting, batch: Batch, step: number): Feeds {
  const { learningRate, schedule, averaging, lossPrediction } = training;
  const scalar = (value: number) => Float32Array.of(value);
  return {
    pictures: batch.pictures,
    weights: batch.weights,
    ...drawMasks(net.dropouts, plan.batch, plan.random.stream("dropout", step)),
    ...task.encodeTargets(batch.labels),
    learningRate: scalar(learningRateAt(schedule, learningRate, step, totalSteps)),
    ...(averaging === null ? {} : { averageDecay: scalar(averageDecayAt(averaging.decay, step)) }),
    ...(lossPrediction === null
      ? {}
      : { moduleGradient: scalar(step < lossPrediction.stopGradientAfter * totalSteps ? 1 : 0) }),
  };
}

/** Decay of the average at a step: short at first, so that the start weights are soon forgotten. */
export function averageDecayAt(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

function checkFinite(fitting: Fitting, step: number, loss: number): void {
  if (Number.isFinite(loss)) return;
  const { plan, training, totalSteps } = fitting;
  const epoch = Math.floor(step / stepsPerEpoch(plan.positions.length, plan.batch));
  const rate = learningRateAt(training.schedule, training.learningRate, step, totalSteps);
  throw new ForelossError(
    `training: the loss is ${loss} in ${placeOf(fitting)}, epoch ${epoch}, step ${step}, learning rate ${rate}`,
    {
      hint: "Lower training.learningRate, or begin lower with a schedule that warms up. The last good checkpoint stays.",
    },
  );
}

/** Step to go on from: where a killed training of the same cycle on the same items was, else 0. */
async function takeUp(fitting: Fitting): Promise<number> {
  const path = progressPath(fitting);
  if (path === null) return 0;
  const found = await readCheckpoint(path).catch(() => undefined);
  const wanted = fitting.recordAt(0).progress;
  const progress = found?.record.progress;
  if (found === undefined || progress?.cycle !== wanted.cycle || progress.labelled !== wanted.labelled) return 0;
  await loadEntries(fitting.net.state, found.entries, path);
  return progress.step;
}

async function writeProgress(fitting: Fitting, step: number): Promise<void> {
  const path = progressPath(fitting);
  if (path === null) return;
  const { net, recordAt } = fitting;
  await writeCheckpoint(path, { record: recordAt(step), entries: await readEntries(net.state, net.entries.keys()) });
}

async function dropProgress(fitting: Fitting): Promise<void> {
  const path = progressPath(fitting);
  if (path !== null) await unlink(path).catch(ignoreMissing);
}

function progressPath({ workFolder, member }: Fitting): string | null {
  return workFolder === null
    ? null
    : join(workFolder, member === 0 ? "training.safetensors" : `training-${member}.safetensors`);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** A digest of labelled items with their labels, in order. */
export function labelledDigest(items: readonly LabelledItem[]): string {
  const hash = createHash("sha256");
  for (const { id, label } of items) hash.update(`${JSON.stringify([id, label])}\n`);
  return hash.digest("hex");
}
