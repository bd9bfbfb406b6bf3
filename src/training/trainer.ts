// The learner of a task, in the thread it runs in: fits a net to labelled items of a data set, measures it on the held-out
// ones, infers signals of the others.
import { join } from "node:path";
import type { Drawing } from "../core/drawing.ts";
import { ForelossError } from "../core/errors.ts";
import type { ItemId, LabelledItem } from "../core/item.ts";
import type { Signal, Signals } from "../core/signals.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Backend } from "../engine/index.ts";
import type { FitOptions, FitReport, InferOptions, Learner } from "../loop/learner.ts";
import type { CheckpointRecord } from "../records/checkpoint.ts";
import { meanOfMembers } from "../strategies/signals/derive.ts";
import type { Task } from "../tasks/task.ts";
import { augmenterFor } from "./augmentation.ts";
import { memberFileName, readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { checkpointRecord } from "./checkpoint-record.ts";
import { afterTrainings, type Fitting, fit, labelledDigest, noteTrained } from "./fitting.ts";
import { foresight } from "./foresight.ts";
import { judge } from "./judge.ts";
import type { LearnerSpec } from "./learner-spec.ts";
import { trainingSteps } from "./length.ts";
import { MemberInference, type ToInfer } from "./member-inference.ts";
import { Members, memberRandom } from "./members.ts";
import { Net } from "./net.ts";
import { collectSignals } from "./signals.ts";

export interface TrainerParts {
  readonly spec: LearnerSpec;
  readonly dataset: Dataset<unknown>;
  readonly task: Task<unknown>;
  readonly backend: Backend;
}

export class Trainer implements Learner {
  readonly #parts: TrainerParts;
  readonly #net: Net<unknown>;
  /** Start weights that the recipe names are read when they are first needed. */
  readonly #members: Members;
  readonly #inference: MemberInference;
  readonly #positions: ReadonlyMap<ItemId, number>;
  /** Of the model that was trained last, about the held-out items. */
  #decided: readonly number[] | null = null;
  #progress: CheckpointRecord["progress"] = { cycle: -1, step: 0, labelled: "" };

  private constructor(parts: TrainerParts, net: Net<unknown>) {
    this.#parts = parts;
    this.#net = net;
    this.#members = new Members(net, parts.spec);
    this.#inference = new MemberInference({ ...parts, net, members: this.#members });
    this.#positions = new Map(parts.dataset.train.ids.map((id, position) => [id, position]));
  }

  static async open(parts: TrainerParts): Promise<Trainer> {
    const { backend, task, dataset, spec } = parts;
    const net = await Net.open(
      { backend, task, imageSize: dataset.imageSize, training: spec.training },
      memberRandom(spec.seed, 0).stream("init"),
    );
    return new Trainer(parts, net);
  }

  async fit(labelled: readonly LabelledItem[], options: FitOptions): Promise<FitReport> {
    const items = this.#ordered(labelled);
    const fittings = Array.from({ length: this.#members.count }, (_, member) => this.#fitting(member, items, options));
    const trainSeconds = await this.#train(fittings);
    const [{ totalSteps: steps, recordAt }] = fittings as [Fitting];
    this.#progress = recordAt(steps).progress;
    const measured = await afterTrainings(fittings, () => this.#measure(items, options.signal));
    return { ...measured, steps, trainSeconds };
  }

  #fitting(member: number, items: readonly LabelledItem[], { cycle, onProgress, signal }: FitOptions): Fitting {
    const { spec, dataset, task } = this.#parts;
    const { count: members } = this.#members;
    const totalSteps = trainingSteps(spec.training, items.length, spec.initialLabels);
    const digest = labelledDigest(items);
    return {
      net: this.#net,
      task,
      training: spec.training,
      plan: {
        dataset,
        positions: this.#positionsOf(items.map((item) => item.id)),
        batch: spec.training.batch,
        labels: items.map((item) => item.label),
        augment: augmenterFor(spec.training.augmentation, dataset),
        random: memberRandom(spec.seed, member).stream("cycle", cycle),
      },
      cycle,
      member,
      members,
      totalSteps,
      recordAt: (step) => checkpointRecord(this.#parts, { cycle, step, labelled: digest }),
      workFolder: spec.workFolder,
      onProgress: onProgress && ((done, total) => onProgress(member * total + done, members * total)),
      signal,
    };
  }

  /** One member after another; the seconds of all. */
  async #train(fittings: readonly Fitting[]): Promise<number> {
    let seconds = 0;
    for (const fitting of fittings) {
      await this.#members.begin(fitting.member);
      seconds += await fit(fitting);
      await this.#members.keep();
      if (fittings.length > 1) await noteTrained(fitting);
    }
    this.#members.allTrained();
    await this.#net.endTraining();
    return seconds;
  }

  async infer(items: readonly ItemId[], signals: readonly Signal[], options: InferOptions = {}): Promise<Signals> {
    const { dataset, task } = this.#parts;
    const positions = this.#positionsOf(items);
    const labels = Array.from(positions, (position) => dataset.train.labels[position]!);
    const compares = signals.includes("memberProbabilities");
    const members = compares && this.#members.count > 1 ? this.#members.count : 0;
    const ofFirst = members > 0 ? signals.filter((wanted) => wanted !== "memberProbabilities") : signals;
    const onItems = counting(options.onProgress, items.length * (members + (ofFirst.length > 0 ? 1 : 0)));
    const wanted = { split: dataset.train, positions, signal: options.signal, onItems };
    const passesOfCycle = compares && members === 0 ? this.#progress.cycle : undefined;
    const parts = this.#inference.infer({ ...wanted, passesOfCycle });
    const found = ofFirst.length === 0 ? {} : await collectSignals(parts, { task, signals: ofFirst, labels });
    return members === 0 ? found : { ...found, memberProbabilities: await this.#inference.compare(wanted) };
  }

  async draw(items: readonly ItemId[], { signal }: InferOptions = {}): Promise<readonly Drawing[]> {
    const { dataset, task } = this.#parts;
    const drawings: Drawing[] = [];
    if (task.drawn === undefined) return drawings;
    const wanted = { split: dataset.train, positions: this.#positionsOf(items), signal };
    for await (const part of this.#inference.infer(wanted)) {
      for (const prediction of task.decode(part)) drawings.push(task.drawn(prediction));
    }
    return drawings;
  }

  async decided(): Promise<readonly number[] | null> {
    return this.#decided;
  }

  async save(path: string): Promise<void> {
    const record = checkpointRecord(this.#parts, this.#progress);
    for (let member = 0; member < this.#members.count; member++) {
      const entries = await this.#members.weightsOf(member);
      await writeCheckpoint(join(path, memberFileName(member)), { record, entries });
    }
  }

  /** The first member comes last, and stays in the net. */
  async restore(path: string): Promise<void> {
    for (let member = this.#members.count - 1; member >= 0; member--) {
      const file = join(path, memberFileName(member));
      const { entries, record } = await readCheckpoint(file);
      await this.#members.load(member, entries, file);
      this.#progress = record.progress;
    }
    this.#members.allTrained();
    this.#decided = null;
  }

  async close(): Promise<void> {
    await this.#net.close();
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
    const tested = { split: dataset.test, positions: everything, signal };
    const test = await judge(this.#inference.infer(tested), task, (position) => dataset.test.labels[position]!);
    this.#decided = task.decisions === undefined ? null : test.predictions.flatMap((one) => task.decisions!(one));
    const labels = new Map(items.map((item) => [this.#positionOf(item.id), item.label]));
    const seen = this.#inference.infer({ split: dataset.train, positions: Uint32Array.from(labels.keys()), signal });
    const { metric: trainMetric } = await judge(seen, task, (position) => labels.get(position)!);
    const testLoss = test.losses.reduce((sum, loss) => sum + loss, 0) / test.losses.length;
    const ensemble = await this.#ensembleMetric(tested);
    return { metric: test.metric, ...ensemble, trainMetric, testLoss, ...foresight(test) };
  }

  /** Of the mean of the members' probabilities on the held-out items; nothing for one member. */
  async #ensembleMetric(tested: ToInfer): Promise<Pick<FitReport, "ensembleMetric">> {
    const { dataset, task } = this.#parts;
    if (this.#members.count === 1 || task.metricOfProbabilities === undefined) return {};
    const mean = meanOfMembers(await this.#inference.compare(tested));
    return { ensembleMetric: task.metricOfProbabilities(mean, [...dataset.test.labels]) };
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

/** Adds up what is told to it, out of `total`. */
function counting(onProgress: InferOptions["onProgress"], total: number): ToInfer["onItems"] {
  let done = 0;
  return (count) => {
    done += count;
    onProgress?.(done, total);
  };
}
