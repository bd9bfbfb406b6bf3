// A model as the engine holds it: its state, the compiled training step, and inference frozen at the present weights.
import type { Random } from "../core/random.ts";
import type { ImageSize } from "../datasets/dataset.ts";
import {
  type Backend,
  type Executable,
  type Feeds,
  type Program,
  type State,
  sizeOf,
  type Tensor,
} from "../engine/index.ts";
import type { Dropout, ModelEntry } from "../nn/builder.ts";
import { averagePrefix, momentumPrefix } from "../nn/optimiser.ts";
import type { Task } from "../tasks/task.ts";
import { readEntries, type StateEntries } from "./checkpoint-file.ts";
import type { LearnerTraining } from "./learner-spec.ts";
import {
  type InferProgramOptions,
  inferProgram,
  type ProgramOptions,
  passProgram,
  type TrainProgram,
  trainProgram,
} from "./programs.ts";

export interface NetOptions<Label> {
  readonly backend: Backend;
  readonly task: Task<Label>;
  readonly imageSize: ImageSize;
  readonly training: LearnerTraining;
}

/** Inference in two parts, for passes with dropout. */
export interface PassExecutables {
  /** As `inference`, with what dropout sees among its outputs. */
  readonly before: Executable;
  /** The layers behind dropout. */
  readonly behind: Executable;
}

export class Net<Label> {
  readonly state: State;
  /** Everything in the state, and how it starts. */
  readonly entries: ReadonlyMap<string, ModelEntry>;
  readonly inferBatch: number;
  /** Where the model drops channels; empty without dropout. */
  readonly dropouts: ReadonlyMap<string, Dropout>;
  readonly #options: NetOptions<Label>;
  readonly #train: TrainProgram;
  #step: Executable | undefined;
  #infer: Executable | undefined;
  #passes: PassExecutables | undefined;

  private constructor(options: NetOptions<Label>, train: TrainProgram, state: State) {
    this.#options = options;
    this.#train = train;
    this.state = state;
    this.entries = train.entries;
    this.dropouts = train.dropouts;
    this.inferBatch = options.training.batch;
  }

  static async open<Label>(options: NetOptions<Label>, random: Random): Promise<Net<Label>> {
    const { task, imageSize, training } = options;
    const programOptions: ProgramOptions<Label> = {
      task,
      picture: imageSize,
      training,
      lossPrediction: training.lossPrediction,
    };
    const train = trainProgram(programOptions);
    return new Net(options, train, await options.backend.openState(startValues(train.entries, random)));
  }

  /** Everything back to the start values of `random`. */
  async reset(random: Random): Promise<void> {
    for (const [name, { values }] of startValues(this.entries, random)) await this.state.write(name, values);
    await this.forgetInference();
  }

  /** Weights stay, momenta become 0, averages start at the weights. */
  async restartOptimiser(): Promise<void> {
    for (const [name, { shape }] of this.entries) {
      if (name.startsWith(momentumPrefix)) await this.state.write(name, new Float32Array(sizeOf(shape)));
      if (name.startsWith(averagePrefix)) {
        await this.state.write(name, (await this.state.read(name.slice(averagePrefix.length))).values);
      }
    }
    await this.forgetInference();
  }

  /** Everything that `restartOptimiser` does not make anew, averages included. */
  weights(): Promise<StateEntries> {
    return readEntries(
      this.state,
      [...this.entries.keys()].filter((name) => !name.startsWith(momentumPrefix)),
    );
  }

  /** One training step. */
  async step(feeds: Feeds): Promise<Readonly<Record<string, Tensor>>> {
    await this.forgetInference();
    this.#step ??= await this.#options.backend.compile(this.#train.program, this.state);
    return await this.#step.run(feeds);
  }

  /** Lets the training step go: its memory is large, and scoring does not need it. */
  async endTraining(): Promise<void> {
    await this.#step?.close();
    this.#step = undefined;
  }

  /** Inference at the present weights (the averaged ones where there are any). */
  async inference(): Promise<Executable> {
    this.#infer ??= await this.#frozen(inferProgram(this.#inferOptions()));
    return this.#infer;
  }

  /** The same for passes with dropout; only for models that have some. */
  async passes(): Promise<PassExecutables> {
    const options = this.#inferOptions();
    this.#passes ??= {
      before: await this.#frozen(inferProgram({ ...options, withFeatures: true })),
      behind: await this.#frozen(passProgram(options)),
    };
    return this.#passes;
  }

  #inferOptions(): InferProgramOptions<Label> {
    const { task, imageSize, training } = this.#options;
    return {
      task,
      picture: imageSize,
      batch: this.inferBatch,
      withModule: training.lossPrediction !== null,
      averaged: training.averaging !== null,
    };
  }

  #frozen(program: Program): Promise<Executable> {
    return this.#options.backend.compile(program, this.state, { frozen: true });
  }

  /** The weights have changed: inference is compiled anew when it is next wanted. */
  async forgetInference(): Promise<void> {
    await this.#infer?.close();
    await this.#passes?.before.close();
    await this.#passes?.behind.close();
    this.#infer = undefined;
    this.#passes = undefined;
  }

  async close(): Promise<void> {
    await this.endTraining();
    await this.forgetInference();
    await this.state.close();
  }
}

/** Start values by name. Averages start where what they average starts: both draw from the stream of its name. */
export function startValues(entries: ReadonlyMap<string, ModelEntry>, random: Random) {
  return new Map(
    [...entries].map(([name, { shape, initialise }]) => {
      const source = name.startsWith(averagePrefix) ? name.slice(averagePrefix.length) : name;
      return [name, { shape, values: initialise(shape, random.stream(source)) }] as const;
    }),
  );
}
