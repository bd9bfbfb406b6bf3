// The learner of a task, in the thread it runs in: fits a net to labelled items of a data set, measures it on the held-out
// ones, infers signals of the others.
import { join } from "node:path";
import type { Drawing } from "../core/drawing.ts";
import { ForelossError } from "../core/errors.ts";
import type { ItemId, LabelledItem } from "../core/item.ts";
import { createRandom } from "../core/random.ts";
import type { Signal, Signals } from "../core/signals.ts";
import type { Dataset, Split } from "../datasets/dataset.ts";
import type { Backend } from "../engine/index.ts";
import type { FitOptions, FitReport, InferOptions, Learner } from "../loop/learner.ts";
import { drawMasks, featureOutputs } from "../nn/dropout.ts";
import { momentumPrefix } from "../nn/optimiser.ts";
import type { CheckpointRecord } from "../records/checkpoint.ts";
import type { Task } from "../tasks/task.ts";
import { augmenterFor } from "./augmentation.ts";
import { checkpointFileName, loadEntries, readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { type Inference, type InferredPart, inferInParts } from "./evaluation.ts";
import { afterTraining, type Fitting, fit, labelledDigest } from "./fitting.ts";
import { foresight } from "./foresight.ts";
import { judge } from "./judge.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import { trainingSteps } from "./length.ts";
import { Net } from "./net.ts";
import { collectSignals } from "./signals.ts";
import { loadStartWeights } from "./start-weights.ts";

export interface TrainerParts {
  readonly spec: LearnerSpec;
  readonly dataset: Dataset<unknown>;
  readonly task: Task<unknown>;
  readonly backend: Backend;
}

export class Trainer implements Learner {
  readonly #parts: TrainerParts;
  readonly #net: Net<unknown>;
  readonly #positions: ReadonlyMap<ItemId, number>;
  /** Whether the net holds weights that a warm start can go on from. */
  #fitted = false;
  /** Whether it holds any that it can infer with; those that the recipe names are read when they are first needed. */
  #ready = false;
  /** Of the model that was trained last, about the held-out items. */
  #decided: readonly number[] | null = null;
  #progress: CheckpointRecord["progress"] = { cycle: -1, step: 0, labelled: "" };

  private constructor(parts: TrainerParts, net: Net<unknown>) {
    this.#parts = parts;
    this.#net = net;
    this.#positions = new Map(parts.dataset.train.ids.map((id, position) => [id, position]));
  }

  static async open(parts: TrainerParts): Promise<Trainer> {
    const { backend, task, dataset, spec } = parts;
    const net = await Net.open(
      { backend, task, imageSize: dataset.imageSize, training: spec.training },
      createRandom(spec.seed, "init"),
    );
    return new Trainer(parts, net);
  }

  async fit(labelled: readonly LabelledItem[], options: FitOptions): Promise<FitReport> {
    const { spec, dataset, task } = this.#parts;
    const items = this.#ordered(labelled);
    const totalSteps = trainingSteps(spec.training, items.length, spec.initialLabels);
    const digest = labelledDigest(items);
    const recordAt = (step: number) => this.#record({ cycle: options.cycle, step, labelled: digest });
    await this.#prepare();
    const fitting: Fitting = {
      net: this.#net,
      task,
      training: spec.training,
      plan: {
        dataset,
        positions: this.#positionsOf(items.map((item) => item.id)),
        batch: spec.training.batch,
        labels: items.map((item) => item.label),
        augment: augmenterFor(spec.training.augmentation, dataset),
        random: createRandom(spec.seed, "cycle", options.cycle),
      },
      cycle: options.cycle,
      totalSteps,
      recordAt,
      workFolder: spec.workFolder,
      onProgress: options.onProgress,
      signal: options.signal,
    };
    const trainSeconds = await fit(fitting);
    this.#fitted = true;
    this.#progress = recordAt(totalSteps).progress;
    const measured = await afterTraining(fitting, () => this.#measure(items, options.signal));
    return { ...measured, steps: totalSteps, trainSeconds };
  }

  async infer(items: readonly ItemId[], signals: readonly Signal[], { signal }: InferOptions = {}): Promise<Signals> {
    if (!this.#ready) await this.#prepare();
    const { dataset, task } = this.#parts;
    const positions = this.#positionsOf(items);
    const labels = Array.from(positions, (position) => dataset.train.labels[position]!);
    const parts = this.#infer(dataset.train, positions, signal, signals.includes("memberProbabilities"));
    return await collectSignals(parts, { task, signals, labels });
  }

  async draw(items: readonly ItemId[], { signal }: InferOptions = {}): Promise<readonly Drawing[]> {
    const { dataset, task } = this.#parts;
    const drawings: Drawing[] = [];
    if (task.drawn === undefined) return drawings;
    for await (const part of this.#infer(dataset.train, this.#positionsOf(items), signal)) {
      for (const prediction of task.decode(part)) drawings.push(task.drawn(prediction));
    }
    return drawings;
  }

  async decided(): Promise<readonly number[] | null> {
    return this.#decided;
  }

  async save(path: string): Promise<void> {
    const names = [...this.#net.entries.keys()].filter((name) => !name.startsWith(momentumPrefix));
    await writeCheckpoint(join(path, checkpointFileName), this.#net.state, names, this.#record(this.#progress));
  }

  async restore(path: string): Promise<void> {
    const file = join(path, checkpointFileName);
    const { entries, record } = await readCheckpoint(file);
    await loadEntries(this.#net.state, entries, file);
    await this.#net.forgetInference();
    this.#progress = record.progress;
    [this.#fitted, this.#ready, this.#decided] = [true, true, null];
  }

  async close(): Promise<void> {
    await this.#net.close();
  }

  /** The weights that this cycle starts from. */
  async #prepare(): Promise<void> {
    const { spec } = this.#parts;
    this.#ready = true;
    if (spec.training.start === "warm" && this.#fitted) return await this.#net.restartOptimiser();
    await this.#net.reset(createRandom(spec.seed, "init"));
    if (spec.model.weights !== null) await loadStartWeights(this.#net, spec.model.kind, spec.model.weights);
  }

  /** Items in the data set's order, so that a training depends on what is labelled and not on when. */
  #ordered(labelled: readonly LabelledItem[]): LabelledItem[] {
    if (labelled.length === 0) throw new ForelossError("training: no labelled items; label some first");
    return [...labelled].sort((a, b) => this.#positionOf(a.id) - this.#positionOf(b.id));
  }

  async #measure(
    items: readonly LabelledItem[],
    signal: AbortSignal | undefined,
  ): Promise<Omit<FitReport, "steps" | "trainSeconds">> {
    const { dataset, task } = this.#parts;
    const everything = Uint32Array.from(dataset.test.ids, (_, position) => position);
    const tested = this.#infer(dataset.test, everything, signal);
    const test = await judge(tested, task, (position) => dataset.test.labels[position]!);
    this.#decided = task.decisions === undefined ? null : test.predictions.flatMap((one) => task.decisions!(one));
    const labels = new Map(items.map((item) => [this.#positionOf(item.id), item.label]));
    const seen = this.#infer(dataset.train, Uint32Array.from(labels.keys()), signal);
    const { metric: trainMetric } = await judge(seen, task, (position) => labels.get(position)!);
    const testLoss = test.losses.reduce((sum, loss) => sum + loss, 0) / test.losses.length;
    return { metric: test.metric, trainMetric, testLoss, ...foresight(test) };
  }

  async *#infer(
    split: Split<unknown>,
    positions: Uint32Array,
    signal: AbortSignal | undefined,
    withPasses = false,
  ): AsyncGenerator<InferredPart> {
    const { dataset, task } = this.#parts;
    const parts = withPasses ? await this.#passes() : { executable: await this.#net.inference() };
    yield* inferInParts(
      { ...parts, batch: this.#net.inferBatch, imageSize: dataset.imageSize, task },
      split,
      positions,
      signal,
    );
  }

  /** Masks follow from seed and cycle, so that a choice that is made again is the same. Without dropout there are no passes. */
  async #passes(): Promise<Pick<Inference, "executable" | "passes">> {
    const { seed, model } = this.#parts.spec;
    if (model.dropout === undefined) return { executable: await this.#net.inference() };
    const { before, behind } = await this.#net.passes();
    const { dropouts } = this.#net;
    const random = createRandom(seed, "cycle", this.#progress.cycle, "passes");
    const masks = Array.from({ length: model.dropout.passes }, (_, pass) =>
      drawMasks(dropouts, 1, random.stream(pass)),
    );
    return { executable: before, passes: { behind, masks, features: Object.keys(featureOutputs(dropouts)) } };
  }

  #record(progress: CheckpointRecord["progress"]): CheckpointRecord {
    const { spec, dataset } = this.#parts;
    return {
      version: 1,
      task: this.#parts.task.name,
      model: spec.model,
      classNames: [...dataset.classNames],
      ...skeletonOf(dataset),
      imageSize: dataset.imageSize,
      resize: resizeOf(spec.dataset),
      normalisation: { mean: [...dataset.normalisation.mean], deviation: [...dataset.normalisation.deviation] },
      lossPrediction: spec.training.lossPrediction,
      averaged: spec.training.averaging !== null,
      progress,
    };
  }

  #positionsOf(ids: readonly ItemId[]): Uint32Array {
    return Uint32Array.from(ids, (id) => this.#positionOf(id));
  }

  #positionOf(id: ItemId): number {
    const position = this.#positions.get(id);
    if (position === undefined)
      throw new ForelossError(`training: data set "${this.#parts.dataset.name}" has no item "${id}"`);
    return position;
  }
}

/** How pictures of other sizes were brought to the data set's; what a model is given later has to be brought there alike. */
/** As a checkpoint holds it; nothing for data without joints. */
function skeletonOf({ skeleton }: Dataset<unknown>): Pick<CheckpointRecord, "skeleton"> {
  if (skeleton === undefined) return {};
  const { jointNames, bones, mirrorOf } = skeleton;
  return {
    skeleton: { jointNames: [...jointNames], bones: bones.map(([a, b]) => [a, b]), mirrorOf: [...mirrorOf] },
  };
}

function resizeOf(dataset: LearnerSpec["dataset"]): CheckpointRecord["resize"] {
  if ("resize" in dataset) return dataset.resize;
  if (dataset.kind === "joints") return "fit"; // a picture without a box is its person's
  return dataset.kind === "boxes" ? "warp" : "crop";
}
