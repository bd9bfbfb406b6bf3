// Scores pictures with a checkpoint alone: no run, no data set, a folder of files.
import { UsageError } from "../core/errors.ts";
import { createRandom } from "../core/random.ts";
import type { Matrix } from "../core/signals.ts";
import { type OpenProgress, openPersonBoxes, openUnlabelled, type PersonBoxes } from "../datasets/index.ts";
import { nativeJpegs } from "../engine/backends/native/index.ts";
import type { TaskName } from "../records/recipe-task.ts";
import { trainingSchema } from "../records/recipe-training.ts";
import type { Task } from "../tasks/task.ts";
import { taskFor } from "../tasks/task-for.ts";
import { type Checkpoint, loadEntries, readCheckpoint } from "./checkpoint-file.ts";
import { type EngineSpec, openEngine } from "./engines.ts";
import { inferInParts } from "./evaluation.ts";
import { Net } from "./net.ts";
import { collectSignals } from "./signals.ts";

export interface ScorerSpec {
  /** A model.safetensors. */
  readonly checkpoint: string;
  readonly engine: EngineSpec;
}

/** One row per picture, or per person where the boxes of persons were given, in the order of `items`. */
export interface Scores {
  readonly task: TaskName;
  readonly items: readonly string[];
  /** Of persons cut out of their pictures: the picture of each. */
  readonly pictures?: readonly string[];
  /** Absent for a model without the loss prediction module. */
  readonly predictedLoss?: Float32Array;
  readonly entropy: Float32Array;
  readonly margin: Float32Array;
  readonly leastConfidence: Float32Array;
  /** What the model says of each item, in words: the likeliest class, or the objects seen. */
  readonly predicted: readonly string[];
  readonly embedding: Matrix;
}

/** Pictures of a folder that can be read, or persons in them, before they are scored. */
export type PicturesToScore = Awaited<ReturnType<typeof openUnlabelled>>;

export interface PicturesOptions extends OpenProgress {
  /** Where the boxes of persons are, for a model of poses; left out, every picture is an item. */
  readonly persons?: PersonBoxes | undefined;
}

export interface Scorer {
  /** Looks at all pictures below a folder. Throws a `UsageError` for boxes of persons beside a model of another task. */
  open(folder: string, options?: PicturesOptions): Promise<PicturesToScore>;
  score(pictures: PicturesToScore, options?: ScoreOptions): Promise<Scores>;
}

export interface ScoreOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** When aborted, scoring stops soon with an `InterruptedError`. */
  readonly signal?: AbortSignal | undefined;
}

export async function openScorer(spec: ScorerSpec): Promise<Scorer> {
  const checkpoint = await readCheckpoint(spec.checkpoint);
  const model = await openModel(checkpoint, spec);
  return {
    open: (folder, options) => openPictures(checkpoint.record, folder, options),
    score: (pictures, options) => scorePictures(model, pictures, options),
  };
}

async function openPictures(
  { task, imageSize, resize }: Checkpoint["record"],
  folder: string,
  { persons, ...progress }: PicturesOptions = {},
): Promise<PicturesToScore> {
  const sidePx = imageSize.width;
  if (persons === undefined)
    return await openUnlabelled(folder, { sidePx, resize }, { ...progress, jpegs: nativeJpegs() });
  if (task === "pose") return await openPersonBoxes(folder, persons, sidePx, progress);
  throw new UsageError(`--boxes: persons are cut out for a model of poses; this one is of the task "${task}"`);
}

interface OpenModel {
  readonly record: Checkpoint["record"];
  readonly task: Task<unknown>;
  readonly net: Net<unknown>;
}

async function openModel({ record, entries }: Checkpoint, { checkpoint, engine }: ScorerSpec): Promise<OpenModel> {
  const { model, imageSize, lossPrediction, averaged } = record;
  const task = taskFor(model, record);
  const training = {
    ...trainingSchema.parse({ steps: 1, averaging: averaged ? { decay: 0.5 } : null }),
    lossPrediction,
  };
  const backend = await openEngine(engine.name, engine);
  const net = await Net.open({ backend, task, imageSize, training }, createRandom(0));
  await loadEntries(net.state, entries, checkpoint);
  return { record, task, net };
}

async function scorePictures(
  { record, task, net }: OpenModel,
  pictures: PicturesToScore,
  { onProgress, signal }: ScoreOptions = {},
): Promise<Scores> {
  const { imageSize, classNames, lossPrediction } = record;
  const positions = Uint32Array.from(pictures.ids.keys());
  const inference = { executable: await net.inference(), batch: net.inferBatch, imageSize, task };
  const predicted: string[] = [];
  async function* watched() {
    for await (const part of inferInParts(inference, pictures, positions, signal)) {
      predicted.push(...task.decode(part).map((prediction) => task.inWords(prediction, classNames)));
      onProgress?.(predicted.length, positions.length);
      yield part;
    }
  }
  const always = ["entropy", "margin", "leastConfidence", "embedding"] as const;
  const wanted = lossPrediction === null ? always : (["predictedLoss", ...always] as const);
  const signals = await collectSignals(watched(), { task, labels: [], signals: wanted });
  return {
    task: task.name,
    items: pictures.ids,
    ...(pictures.groups === undefined ? {} : { pictures: pictures.groups }),
    ...(signals.predictedLoss === undefined ? {} : { predictedLoss: signals.predictedLoss }),
    entropy: signals.entropy!,
    margin: signals.margin!,
    leastConfidence: signals.leastConfidence!,
    predicted,
    embedding: signals.embedding!,
  };
}
