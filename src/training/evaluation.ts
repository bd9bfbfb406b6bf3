// Inference over many items: pictures in batches through the compiled program, outputs cut to the items and kept in parts.
import { setImmediate } from "node:timers/promises";
import { stopIfAborted } from "../core/errors.ts";
import type { Matrix } from "../core/signals.ts";
import type { ImageSize, Split } from "../datasets/dataset.ts";
import type { Executable, Feeds, Tensor } from "../engine/index.ts";
import type { InferredOutputs, Task } from "../tasks/task.ts";

export interface InferredPart extends InferredOutputs {
  /** Positions in the split, as they were asked for. */
  readonly positions: Uint32Array;
  /** The same items in passes with dropout, one after another; only where they were asked for. */
  readonly passes?: () => AsyncGenerator<InferredOutputs>;
}

export interface Passes {
  /** The layers behind dropout. */
  readonly behind: Executable;
  /** Masks of each pass. */
  readonly masks: readonly Feeds[];
  /** Those of the outputs that `behind` is fed with. */
  readonly features: readonly string[];
}

export interface Inference {
  readonly executable: Executable;
  readonly passes?: Passes;
  readonly batch: number;
  readonly imageSize: ImageSize;
  /** Where it has a way to merge, everything is inferred a second time from mirrored pictures. */
  readonly task: Pick<Task<unknown>, "mergeMirrored">;
}

/**
 * Runs `positions` of a split through the model, part by part; reading the next part overlaps computing this one. Between
 * parts messages to this thread are heard, among them an abort, which ends it with an `InterruptedError`.
 */
export async function* inferInParts(
  inference: Inference,
  split: Pick<Split<unknown>, "read">,
  positions: Uint32Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<InferredPart> {
  const { batch } = inference;
  let next = readPart(inference, split, positions, 0);
  for (let start = 0; start < positions.length; start += batch) {
    const pictures = await next;
    await setImmediate();
    stopIfAborted(signal, `after scoring ${start} of ${positions.length} items`);
    next = readPart(inference, split, positions, start + batch);
    const members = positions.subarray(start, start + batch);
    yield { positions: members, ...(await inferPart(inference, pictures, members.length)) };
  }
  await next;
}

/** The first `count` pictures of a batch. Mirrored ones go first: what the passes are fed with holds until the next run. */
async function inferPart(inference: Inference, pictures: Uint8Array, count: number): Promise<Part> {
  const { executable, passes, imageSize, task } = inference;
  const infer = async (seen: Uint8Array) => partOf(await executable.run({ pictures: seen }), count, passes);
  if (task.mergeMirrored === undefined) return await infer(pictures);
  const other = await infer(mirrored(pictures, imageSize.width));
  const own = await infer(pictures);
  return { ...own, ...task.mergeMirrored(own, other) };
}

/** Every row of `width` pixels the other way round. */
function mirrored(pictures: Uint8Array, width: number): Uint8Array {
  const result = pictures.slice();
  for (let start = 0; start < result.length; start += width) result.subarray(start, start + width).reverse();
  return result;
}

type Part = Omit<InferredPart, "positions">;

/** The first `count` items; what dropout sees is kept whole for the passes, and not for anything else. */
function partOf(outputs: Outputs, count: number, passes: Passes | undefined): Part {
  if (passes === undefined) return { count, outputs: cut(outputs, count) };
  const { behind, masks, features } = passes;
  const all = Object.entries(outputs);
  const seen = all.filter(([name]) => features.includes(name)).map(([name, { values }]) => [name, values] as const);
  return {
    count,
    outputs: cut(Object.fromEntries(all.filter(([name]) => !features.includes(name))), count),
    async *passes() {
      for (const mask of masks) {
        yield { count, outputs: cut(await behind.run({ ...Object.fromEntries(seen), ...mask }), count) };
      }
    },
  };
}

/** Pictures of one part; what is missing to a full batch stays black. */
async function readPart(
  { batch, imageSize }: Inference,
  split: Pick<Split<unknown>, "read">,
  positions: Uint32Array,
  start: number,
): Promise<Uint8Array> {
  const { channels, height, width } = imageSize;
  const pictures = new Uint8Array(batch * channels * height * width);
  const members = positions.subarray(start, start + batch);
  if (members.length > 0) await split.read(members, pictures.subarray(0, members.length * channels * height * width));
  return pictures;
}

type Outputs = Readonly<Record<string, Tensor>>;

/** Copies of the first `count` rows. */
function cut(outputs: Outputs, count: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape, values }]) => {
      const perItem = values.length / shape[0]!;
      return [name, { dtype, shape: [count, ...shape.slice(1)], values: values.slice(0, count * perItem) }] as const;
    }),
  );
}

/** One number per item out of all parts. */
export function joinNumbers(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One vector per item out of all parts. */
export function joinRows(parts: readonly Matrix[]): Matrix {
  const columns = parts[0]?.columns ?? 1;
  const values = joinNumbers(parts.map((part) => part.values));
  return { rows: values.length / columns, columns, values };
}
