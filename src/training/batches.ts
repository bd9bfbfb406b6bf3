// The batches of a training: which items in which order, their pictures augmented, the last of an epoch padded. Every batch
// follows from (seed, cycle, step) alone, so a training can be taken up at any step.
import { permutation, type Random } from "../core/random.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Augmenter, LabelledPictures } from "./augmentation.ts";
import { stepsPerEpoch } from "./length.ts";

/** Augmented pictures with their labels; padding repeats items from the front. */
export interface Batch extends LabelledPictures {
  /** 1 for items, 0 for padding. */
  readonly weights: Float32Array;
}

export interface BatchPlan {
  readonly dataset: Dataset<unknown>;
  /** Positions of the labelled items in the training split. */
  readonly positions: Uint32Array;
  /** Labels of the items at `positions`. */
  readonly labels: readonly unknown[];
  readonly batch: number;
  readonly augment: Augmenter;
  /** Streams `order` and `augment` are taken from it. */
  readonly random: Random;
}

/** The batch of one step. */
export async function batchAt(plan: BatchPlan, step: number): Promise<Batch> {
  const { dataset, positions, batch, augment, random } = plan;
  const perEpoch = stepsPerEpoch(positions.length, batch);
  const order = epochOrder(plan, Math.floor(step / perEpoch));
  const start = (step % perEpoch) * batch;
  const members = Uint32Array.from({ length: batch }, (_, i) => order[(start + i) % order.length]!);
  const weights = Float32Array.from({ length: batch }, (_, i) => (start + i < order.length ? 1 : 0));
  const { channels, height, width } = dataset.imageSize;
  const pictures = new Uint8Array(batch * channels * height * width);
  await dataset.train.read(
    members.map((member) => positions[member]!),
    pictures,
  );
  const labels = Array.from(members, (member) => plan.labels[member]!);
  return { ...augment({ pictures, labels }, random.stream("augment", step)), weights };
}

/** Order of the items in an epoch; the last one asked for is kept, since many steps ask for it. */
function epochOrder(plan: BatchPlan, epoch: number): Uint32Array {
  const known = orders.get(plan);
  if (known?.epoch === epoch) return known.order;
  const order = permutation(plan.positions.length, plan.random.stream("order", epoch));
  orders.set(plan, { epoch, order });
  return order;
}
const orders = new WeakMap<BatchPlan, { epoch: number; order: Uint32Array }>();
